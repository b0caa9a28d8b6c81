ALTER TABLE "spokebot"."workers" ADD COLUMN "lives" jsonb;--> statement-breakpoint
ALTER TABLE "spokebot"."workers" ADD COLUMN "copied_at" timestamp with time zone;