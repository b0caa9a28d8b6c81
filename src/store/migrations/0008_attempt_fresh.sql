ALTER TABLE "spokebot"."attempts" ADD COLUMN "fresh" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "spokebot"."attempts" ADD COLUMN "phases" jsonb DEFAULT '[]'::jsonb NOT NULL;