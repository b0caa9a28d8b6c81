ALTER TABLE "spokebot"."workers" ADD COLUMN "running" integer;--> statement-breakpoint
ALTER TABLE "spokebot"."workers" ADD COLUMN "capabilities" jsonb;--> statement-breakpoint
ALTER TABLE "spokebot"."workers" ADD COLUMN "unfit" text;