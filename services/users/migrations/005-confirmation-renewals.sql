-- When another confirmation link was mailed to the address: they are few in half an hour (queries.ts).
alter table users add column confirmations_renewed_at timestamptz[] not null default '{}';
