ALTER TABLE "spokebot"."wishes" DROP CONSTRAINT "wishes_repository_id_number_head_sha_spec_pool_pk";--> statement-breakpoint
ALTER TABLE "spokebot"."wishes" ADD COLUMN "with_repository_id" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "spokebot"."wishes" ADD COLUMN "with_repository" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "spokebot"."wishes" ADD COLUMN "with_number" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "spokebot"."wishes" ADD COLUMN "with_head_sha" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "spokebot"."wishes" ADD CONSTRAINT "wishes_pk" PRIMARY KEY("repository_id","number","head_sha","spec","pool","with_repository_id","with_number","with_head_sha");--> statement-breakpoint
CREATE INDEX "wishes_with" ON "spokebot"."wishes" USING btree ("with_repository_id","with_number");