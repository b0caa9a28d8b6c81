ALTER TABLE "spokebot"."attempts" ADD COLUMN "retry" text;--> statement-breakpoint
ALTER TABLE "spokebot"."attempts" ADD COLUMN "outcome" text;--> statement-breakpoint
ALTER TABLE "spokebot"."attempts" ADD COLUMN "signature" text;