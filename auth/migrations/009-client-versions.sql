-- Grows with every change of what an app is registered with: its ETag.
alter table oidc_clients add column version integer not null default 1;
