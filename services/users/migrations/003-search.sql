-- Search reads this expression (queries.ts repeats it). pg_trgm is a trusted extension: whoever may create objects in the
-- database may create it. Where it is not installed or not allowed, search works all the same, by reading every row.
do $$
declare
  trgm_schema text;
begin
  begin
    create extension if not exists pg_trgm;
  exception when others then
    raise warning 'search goes without an index: %', sqlerrm;
    return;
  end;
  select nspname into trgm_schema from pg_extension join pg_namespace n on n.oid = extnamespace where extname = 'pg_trgm';
  execute format(
    'create index users_by_text on users using gin ((name || E''\n'' || email || E''\n'' || phone_number) %I.gin_trgm_ops)',
    trgm_schema
  );
end $$;
