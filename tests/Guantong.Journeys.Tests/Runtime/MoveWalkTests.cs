using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dapper;
using Guantong.Data;
using Guantong.Processes;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>Random sound processes as cases, sent back and forward at random.</summary>
public sealed partial class MoveWalkTests
{
    private static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("GUANTONG_FUZZ"), out var told) ? told / 10 : 6;

    [Fact]
    public async Task Rows_are_what_the_state_says_after_any_going_back_and_forward_and_every_case_ends()
    {
        await using var played = await PlayedProcess.StartAsync("sqlite", """<startEvent id="s"/><userTask id="a" name="受理"/><endEvent id="e" name="已答复"/>""" + Bpmn.Flows("s > a > e"));
        var (walked, moved) = (0, 0);
        for (var seed = 1; walked < Rounds; seed++)
        {
            Assert.True(seed < 50 * Rounds, "hardly any process passes the pack's check");
            // Of very few tasks there is nothing to go back and forward between.
            if (Grown(seed) is not { Tasks: >= 6 and <= 30, Body: var body } || !await played.TryChangeAsync(body))
                continue;
            walked++;
            moved += await WalkAsync(played, seed);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{moved} moves in {walked} processes");
        Assert.True(moved > 2 * Rounds, $"only {moved} moves in {walked} processes");
    }

    // What grows for the engine's tests, as a pack needs it: ends by name, machines' work among people's.
    private static (string Body, int Tasks) Grown(int seed)
    {
        var xml = new Blocks(new Random(seed)).Process().Replace('\'', '"');
        var body = Inside().Match(xml).Groups[1].Value.Replace("""<endEvent id="end"/>""", """<endEvent id="end" name="已答复"/>""", StringComparison.Ordinal);
        body = Task().Replace(body, m => int.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture) % 4 == 0 ? $"<serviceTask{m.Groups[1].Value} guantong:service=\"compose-document\" guantong:document=\"documents/air-reply.md\">{m.Groups[3].Value}</serviceTask>" : m.Value);
        return (Unconditional().Replace(body, """<exclusiveGateway id="$1" default="$1-$2"/>"""), Task().Count(body) + body.Split("<serviceTask").Length - 1);
    }

    private static async Task<int> WalkAsync(PlayedProcess played, int seed)
    {
        var (random, moves) = (new Random(seed), 0);
        var id = await played.OpenAsync(new { n = 0 });
        await IsAsItSaysAsync(played, id, seed, "opened");
        for (var i = 0; i < 30 && (await played.StandAsync(id)).State != "ended"; i++)
        {
            var what = random.Next(6);
            if (what < 2)
                moves += await MoveAsync(played, id, random, seed);
            else if (what == 2)
                await played.PassAsync(TimeSpan.FromHours(1));
            else
                await GoOnAsync(played, id, random);
            await IsAsItSaysAsync(played, id, seed, $"{i}");
        }
        for (var i = 0; i < 400 && (await played.StandAsync(id)).State != "ended"; i++)
            await GoOnAsync(played, id, random);
        Assert.True((await played.StandAsync(id)).State == "ended", $"seed {seed} does not end");
        await IsAsItSaysAsync(played, id, seed, "ended");
        return moves;
    }

    private static async Task<int> MoveAsync(PlayedProcess played, string id, Random random, int seed)
    {
        var by = random.Next(3) == 0 ? played.Official : played.Operator;
        var offers = (await PlayedProcess.MovesAsync(by, id)).GetProperty("moves").EnumerateArray().ToList();
        if (offers.Count == 0)
            return 0;
        // Each kind as often as the others, however many of it are offered.
        var kind = offers.Select(o => o.GetProperty("kind").GetString()!).Distinct().Order(StringComparer.Ordinal).ToList() is var kinds ? kinds[random.Next(kinds.Count)] : "";
        var of = offers.FindAll(o => o.GetProperty("kind").GetString() == kind);
        var offer = of[random.Next(of.Count)];
        var compensate = offer.GetProperty("undoes").GetArrayLength() > 0 && random.Next(2) == 0;
        var version = (await PlayedProcess.MovesAsync(by, id)).GetProperty("version").GetInt64();
        var (to, reason) = (offer.GetProperty("to").GetString(), "示例理由");
        var answer = kind == "skip"
            ? await by.PostAsJsonAsync($"/api/v1/cases/{id}/skip", new { token = offer.GetProperty("token").GetString(), to, reason, version })
            : await by.PostAsJsonAsync($"/api/v1/cases/{id}/{kind}", new { to, within = offer.GetProperty("within").GetString(), compensate, reason, version });
        Assert.True(answer.StatusCode == HttpStatusCode.NoContent, $"seed {seed}: {kind} {offer} is offered and refused: {await answer.Content.ReadAsStringAsync()}");
        return 1;
    }

    // Machines first, then somebody's task.
    private static async Task GoOnAsync(PlayedProcess played, string id, Random random)
    {
        await played.RunAsync();
        var open = (await played.Official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}")).GetProperty("tasks").EnumerateArray().Where(t => t.GetProperty("state").GetString() == "open").ToList();
        if (open.Count > 0)
            await played.Official.PostAsJsonAsync($"/api/v1/tasks/{open[random.Next(open.Count)].GetProperty("id").GetString()}/finish", new { });
    }

    private static async Task IsAsItSaysAsync(PlayedProcess played, string id, int seed, string when)
    {
        var (process, pack, revision, state) = await played.Store.ReadAsync(c => c.QueryFirstAsync<(string, string, string, string)>("SELECT process, pack, revision, state FROM work_case WHERE id = @id", new { id }));
        Assert.True(state != "stuck", $"seed {seed}, {when}: the case is stuck");
        var read = await played.Platform.Services.GetRequiredService<PackRegistry>().AtAsync(pack, revision);
        var definition = read.Processes[read.Matter("air-report")!.Process!.Name].Definition;
        var stands = JsonSerializer.Deserialize<ProcessState>(process, JsonSerializerOptions.Web)!;
        var work = stands.Tokens.Where(t => definition.Node(t.Node) is { IsWork: true } node && t.Undo is null && (node.Loop is null || t.Loop is null)).ToLookup(t => definition.Node(t.Node).Kind, t => t.Id);
        foreach (var (what, sql, said) in ((string, string, IEnumerable<string>)[])
        [
            ("open tasks", "SELECT token FROM work_task WHERE case_id = @id AND state = 'open'", work[NodeKind.UserTask]),
            ("jobs", "SELECT token FROM work_job WHERE case_id = @id AND state = 'ready'", work[NodeKind.ServiceTask]),
            ("timers", "SELECT wait FROM work_timer WHERE case_id = @id", stands.Subscriptions.Where(s => s.Wait.Due is not null).Select(s => s.Wait.Id)),
            ("messages", "SELECT wait FROM work_wait WHERE case_id = @id", stands.Subscriptions.Where(s => s.Wait.Kind is EventKind.Message or EventKind.Signal).Select(s => s.Wait.Id)),
        ])
        {
            var rows = await played.Store.ReadAsync(c => c.QueryAsync<string>(sql, new { id }));
            var (has, says) = (string.Join(' ', rows.Order(StringComparer.Ordinal)), string.Join(' ', said.Order(StringComparer.Ordinal)));
            Assert.True(has == says, $"seed {seed}, {when}: {what} in rows: {has}; by the state: {says}");
        }
    }

    [GeneratedRegex("<process [^>]*>(.*)</process>", RegexOptions.Singleline)]
    private static partial Regex Inside();

    [GeneratedRegex("""<userTask( id="n(\d+)"[^>]*)>(.*?)</userTask>""", RegexOptions.Singleline)]
    private static partial Regex Task();

    // A loop's way out: the flow without a condition is its default.
    [GeneratedRegex("""<exclusiveGateway id="(n\d+)" ></exclusiveGateway>(?=.*<sequenceFlow id="\1-(n\d+)" sourceRef="\1" targetRef="n\d+"></sequenceFlow>)(?=.*<sequenceFlow id="\1-n\d+"[^>]*><conditionExpression>)""", RegexOptions.Singleline)]
    private static partial Regex Unconditional();
}
