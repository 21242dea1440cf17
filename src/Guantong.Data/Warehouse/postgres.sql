-- What PostgreSQL lacks of the portable subset, and what it does otherwise than DuckDB: one pack gives the same figures on both.
-- This schema stands before pg_catalog in the warehouse's search path. It holds no rows and is made anew when this file changes.
DROP SCHEMA IF EXISTS guantong_sql CASCADE;
CREATE SCHEMA guantong_sql;
CREATE DOMAIN guantong_sql.double AS double precision;

-- Of whole numbers too, a quotient is a number; by nothing it is infinite, or none.
CREATE FUNCTION guantong_sql.quotient(a double precision, b double precision) RETURNS double precision IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$
  SELECT CASE WHEN b <> 0 THEN a OPERATOR(pg_catalog./) b WHEN b IS NULL OR a IS NULL THEN NULL WHEN a > 0 AND a <> 'NaN' THEN 'Infinity' WHEN a < 0 THEN '-Infinity' ELSE 'NaN' END $$;
CREATE FUNCTION guantong_sql.quotient(a bigint, b bigint) RETURNS double precision IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$ SELECT guantong_sql.quotient(a::double precision, b::double precision) $$;
CREATE FUNCTION guantong_sql.quotient(a integer, b integer) RETURNS double precision IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$ SELECT guantong_sql.quotient(a::double precision, b::double precision) $$;
CREATE FUNCTION guantong_sql.quotient(a bigint, b integer) RETURNS double precision IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$ SELECT guantong_sql.quotient(a::double precision, b::double precision) $$;
CREATE FUNCTION guantong_sql.quotient(a integer, b bigint) RETURNS double precision IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$ SELECT guantong_sql.quotient(a::double precision, b::double precision) $$;
CREATE FUNCTION guantong_sql.quotient(a numeric, b numeric) RETURNS double precision IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$ SELECT guantong_sql.quotient(a::double precision, b::double precision) $$;
CREATE OPERATOR guantong_sql./ (LEFTARG = double precision, RIGHTARG = double precision, FUNCTION = guantong_sql.quotient);
CREATE OPERATOR guantong_sql./ (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = guantong_sql.quotient);
CREATE OPERATOR guantong_sql./ (LEFTARG = integer, RIGHTARG = integer, FUNCTION = guantong_sql.quotient);
CREATE OPERATOR guantong_sql./ (LEFTARG = bigint, RIGHTARG = integer, FUNCTION = guantong_sql.quotient);
CREATE OPERATOR guantong_sql./ (LEFTARG = integer, RIGHTARG = bigint, FUNCTION = guantong_sql.quotient);
CREATE OPERATOR guantong_sql./ (LEFTARG = numeric, RIGHTARG = numeric, FUNCTION = guantong_sql.quotient);

-- A remainder by nothing is null, and numbers have one too.
CREATE FUNCTION guantong_sql.remainder(a bigint, b bigint) RETURNS bigint IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$ SELECT a OPERATOR(pg_catalog.%) nullif(b, 0) $$;
CREATE FUNCTION guantong_sql.remainder(a integer, b integer) RETURNS integer IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$ SELECT a OPERATOR(pg_catalog.%) nullif(b, 0) $$;
CREATE FUNCTION guantong_sql.remainder(a double precision, b double precision) RETURNS double precision IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$ SELECT CASE WHEN b = 0 THEN 'NaN' ELSE a - b * trunc(a OPERATOR(pg_catalog./) b) END $$;
CREATE FUNCTION guantong_sql.remainder(a numeric, b numeric) RETURNS numeric IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$ SELECT a OPERATOR(pg_catalog.%) nullif(b, 0) $$;
CREATE OPERATOR guantong_sql.% (LEFTARG = numeric, RIGHTARG = numeric, FUNCTION = guantong_sql.remainder);
CREATE OPERATOR guantong_sql.% (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = guantong_sql.remainder);
CREATE OPERATOR guantong_sql.% (LEFTARG = integer, RIGHTARG = integer, FUNCTION = guantong_sql.remainder);
CREATE OPERATOR guantong_sql.% (LEFTARG = double precision, RIGHTARG = double precision, FUNCTION = guantong_sql.remainder);
CREATE FUNCTION guantong_sql.mod(a double precision, b double precision) RETURNS double precision IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$ SELECT guantong_sql.remainder(a, b) $$;

-- Halves go away from nought.
CREATE FUNCTION guantong_sql.round(a double precision) RETURNS double precision IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$ SELECT sign(a) * floor(abs(a) + 0.5) $$;
CREATE FUNCTION guantong_sql.round(a double precision, places integer) RETURNS double precision IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$ SELECT pg_catalog.round(a::numeric, places)::double precision $$;
CREATE FUNCTION guantong_sql.isfinite(a double precision) RETURNS boolean IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$ SELECT a NOT IN ('NaN', 'Infinity', '-Infinity') $$;

-- A day's parts are of the day, wherever the clock stands.
CREATE FUNCTION guantong_sql.date_trunc(part text, day date) RETURNS timestamp IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$ SELECT pg_catalog.date_trunc(part, day::timestamp) $$;

CREATE FUNCTION guantong_sql.to_minutes(n bigint) RETURNS interval IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$ SELECT n * interval '1 minute' $$;
CREATE FUNCTION guantong_sql.to_hours(n bigint) RETURNS interval IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$ SELECT n * interval '1 hour' $$;
CREATE FUNCTION guantong_sql.to_days(n bigint) RETURNS interval IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$ SELECT n * interval '1 day' $$;
CREATE FUNCTION guantong_sql.to_months(n bigint) RETURNS interval IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$ SELECT n * interval '1 month' $$;
CREATE FUNCTION guantong_sql.to_years(n bigint) RETURNS interval IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$ SELECT n * interval '1 year' $$;

-- For the platform's own statements.
CREATE FUNCTION guantong_sql.ends_with(whole text, part text) RETURNS boolean IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$ SELECT pg_catalog.right(whole, length(part)) = part $$;
CREATE FUNCTION guantong_sql.contains(whole text, part text) RETURNS boolean IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$ SELECT strpos(whole, part) > 0 $$;
CREATE FUNCTION guantong_sql.try_cast(given anyelement, wanted text) RETURNS text STABLE LANGUAGE plpgsql AS $$
DECLARE cast_value text;
BEGIN
  EXECUTE format('SELECT ($1::%s)::text', wanted) INTO cast_value USING given;
  RETURN cast_value;
EXCEPTION WHEN others THEN
  RETURN NULL;
END $$;
