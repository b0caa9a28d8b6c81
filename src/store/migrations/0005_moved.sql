CREATE TABLE "spokebot"."conversations" (
	"repository_id" bigint NOT NULL,
	"number" integer NOT NULL,
	"state" jsonb NOT NULL,
	CONSTRAINT "conversations_repository_id_number_pk" PRIMARY KEY("repository_id","number")
);
--> statement-breakpoint
CREATE TABLE "spokebot"."fingerprints" (
	"repository_id" bigint NOT NULL,
	"number" integer NOT NULL,
	"seq" bigserial NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"open" boolean NOT NULL,
	"terms" text NOT NULL,
	"errors" jsonb NOT NULL,
	"family" jsonb NOT NULL,
	"suggested" text,
	CONSTRAINT "fingerprints_repository_id_number_pk" PRIMARY KEY("repository_id","number")
);
--> statement-breakpoint
ALTER TABLE "spokebot"."subjects" ADD COLUMN "moved_to" jsonb;--> statement-breakpoint
CREATE INDEX "fingerprints_seq" ON "spokebot"."fingerprints" USING btree ("seq");--> statement-breakpoint
CREATE INDEX "fingerprints_suggested" ON "spokebot"."fingerprints" USING btree ("suggested") WHERE "spokebot"."fingerprints"."suggested" is not null;--> statement-breakpoint
CREATE INDEX "subjects_moved" ON "spokebot"."subjects" USING btree ("moved_to") WHERE "spokebot"."subjects"."moved_to" is not null;