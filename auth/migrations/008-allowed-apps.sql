-- What people are shown of the apps that they have allowed something: what, since when, and when these last got tokens.
-- Grants from before have neither scopes nor a beginning here (nor have those that nodes of before still write): both can be read
-- from the rest of the row, and filling them in would hold up every app while it lasts.
alter table oidc_artifacts
  add column created_at timestamptz,
  add column scopes text[],
  add column last_used_at timestamptz;
alter table oidc_artifacts alter column created_at set default now();
