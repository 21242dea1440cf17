using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Work;

/// <summary>Migrations over the API: designers and operators look, operators run and take back.</summary>
internal static class MigrationsApi
{
    private const int MostTold = 100;

    /// <summary>What beginning one asks for: from where to where, by which mapping, and why.</summary>
    public sealed record Begin(string Pack, string Matter, string From, string To, Dictionary<string, string?>? Mapping, string Reason);

    /// <summary>Why it is taken back.</summary>
    public sealed record Back(string Reason);

    public static void MapMigrations(this IEndpointRouteBuilder api)
    {
        var migrations = api.MapGroup("/migrations").WithTags("Work").Needs("migration.read");
        migrations.MapGet("/versions", async (string pack, string matter, CaseMigrations all, HttpContext http) => Results.Ok(await all.VersionsAsync(pack, matter, http.Rows("migration.read"), http.RequestAborted)))
            .WithSummary("Versions of a pack, the latest first, with how many cases of a matter run on each").Produces<CaseVersion[]>();
        migrations.MapPost("/plan", (MigrationOrder given, CaseMigrations all, PackRegistry packs, HttpContext http) => WorkRoom.ActAsync(http, async () =>
            Results.Ok(Told(await all.CheckAsync(given, http.Rows("migration.read"), null, http.RequestAborted), packs.Find(given.Pack), Lang.Of(http)))))
            .WithSummary("What becomes of each node, and which running cases can migrate and which cannot, and why; changes nothing");
        migrations.MapGet("", async (string pack, string matter, CaseMigrations all, HttpContext http, int skip = 0, int take = 50) =>
            skip < 0 || take is < 1 or > TrustRoom.LargestPage ? http.Problem(400, "bad-page", TrustRoom.LargestPage)
            : Results.Ok(await all.PageAsync(pack, matter, skip, take, http.RequestAborted)))
            .WithSummary("Migrations of a matter, the latest first").Produces<Page<CaseMigration>>();
        migrations.MapGet("/{id}", async (string id, CaseMigrations all, HttpContext http) =>
            await all.FindAsync(id, http.RequestAborted) is { } migration ? Results.Ok(migration) : http.Problem(404, "not-found", id))
            .WithSummary("A migration and how far it is").Produces<CaseMigration>();
        migrations.MapGet("/{id}/cases", async (string id, CaseMigrations all, PackRegistry packs, HttpContext http, string? state, int skip = 0, int take = 50) =>
        {
            if (skip < 0 || take is < 1 or > TrustRoom.LargestPage)
                return http.Problem(400, "bad-page", TrustRoom.LargestPage);
            if (await all.FindAsync(id, http.RequestAborted) is not { } migration)
                return http.Problem(404, "not-found", id);
            var page = await all.CasesAsync(id, state, http.Rows("migration.read"), skip, take, http.RequestAborted);
            return Results.Ok(new Page<object>([.. page.Items.Select(c => Told(c, packs.Find(migration.Pack), Lang.Of(http)))], page.Total, skip, take));
        }).WithSummary("The cases of a migration; state is waiting, migrated, refused or reversed");

        var runs = api.MapGroup("/migrations").WithTags("Work").Needs("migration.run");
        runs.MapPost("", (Begin given, CaseMigrations all, HttpContext http) => BeginAsync(http, async () =>
            await all.StartAsync(new MigrationOrder(given.Pack, given.Matter, given.From, given.To, given.Mapping), given.Reason, http.Caller(), http.RequestAborted)))
            .WithSummary("Begin to migrate the running cases of a matter; each that can goes over by itself, the others stay");
        runs.MapPost("/{id}/reverse", (string id, Back given, CaseMigrations all, HttpContext http) => BeginAsync(http, () => all.ReverseAsync(id, given.Reason, http.Caller(), http.RequestAborted)))
            .WithSummary("Begin to take a migration back");

        api.MapGet("/cases/{id}/version", async (string id, Cases cases, CaseMigrations all, HttpContext http) =>
            await cases.FindAsync(id, http.Rows("case.read"), http.RequestAborted) is { } file ? Results.Ok(await all.VersionOfAsync(file.Case, http.RequestAborted)) : http.Problem(404, "not-found", id))
            .WithTags("Work").Needs("case.read").WithSummary("The version of its pack that a case runs on, and whether that is the one in force").Produces<CaseVersion>();
    }

    private static object Told(MigrationCheck check, Pack? pack, string lang) => new
    {
        Nodes = check.Migration.Nodes.Select(n => new { n.From.Id, n.From.Name, n.From.Element, n.Fate, To = n.To?.Id, n.CanStand, n.Changes, Candidates = n.CanStand ? check.Migration.Candidates(n.From).Select(c => c.Id) : [] }),
        Added = check.Migration.Added.Select(n => new { n.Id, n.Name, n.Element }),
        Faults = check.Migration.Faults.Select(f => new { Reason = $"{f.Reason}", f.Node, f.Other, Said = f.Message(lang) }),
        check.Can,
        Cannot = check.Cannot.Select(c => new { c.Why.Code, c.Why.Node, Said = c.Why.Say(lang, pack), c.Cases.Count, Cases = c.Cases.Take(MostTold).Select(x => new { x.CaseId, x.Number, x.Title }) }),
    };

    private static object Told(MigratedCase c, Pack? pack, string lang) => new { c.CaseId, c.Number, c.Title, c.State, c.Why?.Code, c.Why?.Node, Said = c.Why?.Say(lang, pack) };

    private static Task<IResult> BeginAsync(HttpContext http, Func<Task<string>> begin) => WorkRoom.ActAsync(http, async () =>
    {
        var id = await begin();
        return Results.Accepted($"/api/v1/migrations/{id}", new { id });
    });
}
