ALTER TABLE "spokebot"."builds" ALTER COLUMN "number" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "spokebot"."attempts" ADD COLUMN "released_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "spokebot"."builds" ADD COLUMN "origin" text DEFAULT 'pull' NOT NULL;