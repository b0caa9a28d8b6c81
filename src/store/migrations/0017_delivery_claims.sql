ALTER TABLE "spokebot"."deliveries" ADD COLUMN "claimed_until" timestamp with time zone;--> statement-breakpoint
-- Compressing a payload with lz4 costs PostgreSQL a fraction of what its own method costs. Servers that don't have it (before 14, or
-- built without it) keep their own.
DO $$ BEGIN
  EXECUTE 'ALTER TABLE "spokebot"."deliveries" ALTER COLUMN "payload" SET COMPRESSION lz4';
EXCEPTION WHEN feature_not_supported OR syntax_error OR invalid_parameter_value THEN NULL;
END $$;
