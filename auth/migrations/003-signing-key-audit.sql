-- Which signing key an event is about: each is rotated in once and retired once.
alter table audit add column kid text;
create unique index audit_of_signing_keys on audit (event, kid) where kid is not null;
