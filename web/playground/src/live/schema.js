// What the server's schema says of events, so that the page shows each type with all its fields, those of later versions included.
import { End, endByErrors } from './end.js';

const question = `query Events {
  __schema {
    types {
      kind
      name
      interfaces { name }
      possibleTypes { name }
      enumValues { name description }
      fields { name args { name } type { ...type } }
    }
  }
}
fragment type on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }`;

// learn asks the server. Where introspection is off there are no types to choose from, and events come without the fields that are theirs alone.
export async function learn(path) {
  const response = await fetch(path, {
    method: 'POST',
    headers: { accept: 'application/graphql-response+json', 'content-type': 'application/json' },
    body: JSON.stringify({ query: question }),
  }).catch(() => {
    throw new End('lost', 'the server cannot be reached');
  });
  const { data, errors } = await response.json().catch(() => ({ errors: [{ message: `the server answered ${response.status}` }] }));

  if (data) return new Schema(data.__schema.types);

  const end = endByErrors(errors);
  if (end.kind === 'lost') throw end;

  return new Schema([]);
}

const base = '__typename id cursor type occurredAt';

export class Schema {
  constructor(types) {
    this.byName = Object.fromEntries(types.map((type) => [type.name, type]));
    this.eventTypes = this.byName.EventType?.enumValues ?? [];
  }

  // selection returns the fields of an interface of events: those of all events, and of each type its own.
  selection(name) {
    const signatures = {};
    const own = (this.byName[name]?.possibleTypes ?? []).map((possible) => {
      const fields = this.byName[possible.name].fields.filter((field) => !base.split(' ').includes(field.name) && this.isPlain(field));

      return fields.length ? `... on ${possible.name} { ${fields.map((field) => this.selected(field, signatures)).join(' ')} }` : '';
    });

    return `{ ${[base, ...own].filter(Boolean).join(' ')} }`;
  }

  // selected returns a field with the fields of its value. Fields of one name and of different types cannot go by the same name in an answer (GraphQL, 5.3.2).
  selected({ name, type }, signatures) {
    const known = (signatures[name] ??= []);
    const signature = written(type);

    if (!known.includes(signature)) known.push(signature);

    const n = known.indexOf(signature);
    const { fields } = this.byName[named(type).name];

    return `${n ? `${name}__${n}: ` : ''}${name}${fields?.length ? ` { ${fields.map((inner) => inner.name).join(' ')} }` : ''}`;
  }

  // isPlain tells whether a field costs the server nothing: a scalar, an enum, or an object of such, and no node that would have to be loaded.
  isPlain({ args, type }) {
    const { kind, fields, interfaces } = this.byName[named(type).name];

    if (args.length > 0) return false;
    if (kind === 'SCALAR' || kind === 'ENUM') return true;

    return kind === 'OBJECT' && interfaces.length === 0 && fields.every((inner) => inner.args.length === 0 && ['SCALAR', 'ENUM'].includes(named(inner.type).kind));
  }
}

// ownFields returns what an event has beyond what all have, by the names of the schema.
export function ownFields(event) {
  return Object.entries(event)
    .filter(([name]) => !base.split(' ').includes(name))
    .map(([name, value]) => [name.replace(/__\d+$/, ''), value]);
}

function named(type) {
  return type.ofType ? named(type.ofType) : type;
}

function written({ kind, name, ofType }) {
  return ofType ? `${kind}(${written(ofType)})` : name;
}
