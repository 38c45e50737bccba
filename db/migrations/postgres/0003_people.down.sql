DROP TABLE person_state;
DROP TABLE person;
