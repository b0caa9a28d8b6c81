CREATE TABLE "spokebot"."api_rates" (
	"installation_id" bigint PRIMARY KEY NOT NULL,
	"most" integer NOT NULL,
	"left" integer NOT NULL,
	"reset_at" timestamp with time zone NOT NULL,
	"paused_until" timestamp with time zone,
	"at" timestamp with time zone NOT NULL
);
