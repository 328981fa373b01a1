-- Pages deep in a list of a million are found in an index alone (list.ts): one for each sort, of all and of one status.
create index users_by_status_name on users (status, name, id) where status <> 'deleted';
create index users_by_status_email on users (status, email, id) where status <> 'deleted';
alter table users drop constraint users_email_key;
alter table users add constraint users_email_key unique (email) include (status, id);

-- An index answers alone only for pages that a vacuum has seen whole: by default that is when a fifth of the rows changed.
alter table users set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);

-- Search walks the newest rows where many match and asks the trigrams where few do. To tell them apart takes more of a sample.
alter index if exists users_by_text alter column 1 set statistics 1000;
analyze users;
