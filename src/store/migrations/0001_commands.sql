CREATE TABLE "spokebot"."comments" (
	"id" bigint PRIMARY KEY NOT NULL,
	"repository_id" bigint NOT NULL,
	"number" integer NOT NULL,
	"commands" jsonb NOT NULL,
	"dealt_with" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "spokebot"."corrections" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"repository_id" bigint NOT NULL,
	"repository" text NOT NULL,
	"number" integer NOT NULL,
	"decision_id" bigint NOT NULL,
	"verb" text NOT NULL,
	"by" text NOT NULL,
	"role" text NOT NULL,
	"said" jsonb NOT NULL,
	"became" jsonb NOT NULL,
	"before" jsonb NOT NULL,
	"effects" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"undone_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "spokebot"."muted" (
	"login" text PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "spokebot"."subjects" ADD COLUMN "word" jsonb;--> statement-breakpoint
CREATE INDEX "corrections_subject" ON "spokebot"."corrections" USING btree ("repository_id","number","id");--> statement-breakpoint
CREATE INDEX "corrections_at" ON "spokebot"."corrections" USING btree ("at");