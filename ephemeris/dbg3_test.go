package ephemeris
import ("testing";"fmt";"math";"os";"bufio")
func TestOscNear(t *testing.T){
 e:=open(t)
 f,_:=os.Open("/tmp/probe/near.txt"); sc:=bufio.NewScanner(f)
 for sc.Scan(){ var jd,lon,sp float64; fmt.Sscan(sc.Text(),&jd,&lon,&sp); s:=skyAt(t,e,jd); p:=s.Position(OsculatingLilith); fmt.Printf("NEAR %.4f d %.4f sp %.4f x %.4f\n",jd,math.Remainder(p.Longitude-lon,360)*3600,(p.LongitudeSpeed-sp)*3600,math.Mod((s.days-(FirstJulianDay-j2000))/16,1))}
}
