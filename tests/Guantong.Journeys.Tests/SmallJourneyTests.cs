using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Guantong.Data;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>What anyone meets first: pages, errors, refusals, the ledger's guard.</summary>
public sealed class SmallJourneyTests
{
    [Fact]
    public async Task Pages_are_served_in_Chinese_and_in_English_and_errors_are_told()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        using var http = await platform.SignInAsync(null);
        Assert.Contains("开放数据", WebUtility.HtmlDecode(await http.GetStringAsync("/")), StringComparison.Ordinal);
        Assert.Contains("Open data", await http.GetStringAsync("/?lang=en"), StringComparison.Ordinal);
        Assert.Contains("PM2.5", await http.GetStringAsync("/screens/environment.air-quality"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/nothing-here")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/api/v1/tasks")).StatusCode);
        Assert.DoesNotContain("<script>alert", await http.GetStringAsync("/search?q=%3Cscript%3Ealert(1)%3C/script%3E"), StringComparison.Ordinal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task The_ledger_refuses_changes_and_names_a_forged_entry(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        var operations = platform.Services.GetRequiredService<Store>();
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => operations.ReadAsync(c => c.ExecuteAsync("UPDATE ledger SET actor = 'nobody' WHERE seq = 2")));
        await operations.ReadAsync(c => c.ExecuteAsync(store == "sqlite" ? "DROP TRIGGER ledger_no_update" : "DROP TRIGGER ledger_append_only ON ledger"));
        await operations.ReadAsync(c => c.ExecuteAsync("UPDATE ledger SET actor = 'nobody' WHERE seq = 2"));
        Assert.Equal((2L, "changed"), await VerdictAsync(platform));
    }

    private static async Task<(long?, string?)> VerdictAsync(RunningPlatform platform)
    {
        var verdict = await platform.Services.GetRequiredService<Ledger>().VerifyAsync();
        return (verdict.FirstBad, verdict.Why);
    }

    [Fact]
    public async Task Applying_twice_changes_nothing()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        var files = PackFolder.Read(Path.Combine(Repository.Root, "packs/environment/air-quality"), "packs/environment/air-quality");
        Assert.Equal("unchanged", (await platform.Services.GetRequiredService<PackRegistry>().ApplyAsync(files, Policy.Operator, confirmed: false)).Result);
    }
}
