CREATE TABLE "spokebot"."mentions" (
	"repository_id" bigint NOT NULL,
	"number" integer NOT NULL,
	"login" text NOT NULL,
	"reason" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "mentions_repository_id_number_login_reason_pk" PRIMARY KEY("repository_id","number","login","reason")
);
--> statement-breakpoint
CREATE TABLE "spokebot"."notices" (
	"key" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"repository_id" bigint NOT NULL,
	"number" integer,
	"text" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "spokebot"."spending" (
	"key" text NOT NULL,
	"amount" integer NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "notices_at" ON "spokebot"."notices" USING btree ("at");--> statement-breakpoint
CREATE INDEX "spending_key" ON "spokebot"."spending" USING btree ("key","at");--> statement-breakpoint
CREATE INDEX "spending_at" ON "spokebot"."spending" USING btree ("at");