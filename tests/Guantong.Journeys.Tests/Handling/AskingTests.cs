using System.Net.Http.Json;
using System.Text.Json;
using static Guantong.Tests.HandledCase;

namespace Guantong.Tests;

/// <summary>What is asked of others about a task: to sign, for an opinion, to know, to hurry, to follow an instruction.</summary>
public sealed class AskingTests
{
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_countersigned_task_is_finished_once_its_quorum_agrees_and_nobody_signs_twice(string store)
    {
        await using var handled = await StartAsync(store);
        object Ask(double hours = 48, int? quorum = 2, bool inTurn = false) => new { to = To(Weather, Traffic, Civil), quorum, inTurn, due = handled.In(hours), words = "请就处置方案会签" };
        Assert.Equal("409 task-untaken", await handled.DoAsync("worker-huzhou", "countersign", Ask()));
        await handled.DoAsync("worker-huzhou", "take");
        Assert.Equal("409 task-taken", await handled.DoAsync("colleague", "countersign", Ask()));
        Assert.Equal("422 ask-quorum", await handled.DoAsync("worker-huzhou", "countersign", Ask(quorum: 4)));
        Assert.Equal("422 ask-due", await handled.DoAsync("worker-huzhou", "countersign", Ask(hours: -1)));
        Assert.Equal("422 ask-own", await handled.DoAsync("worker-huzhou", "countersign", new { to = To(Ecology), due = handled.In(48), words = "请会签" }));
        Assert.Equal("422 ask-not-there", await handled.DoAsync("worker-huzhou", "countersign", new { to = To($"{Weather}/worker-huzhou-traffic"), due = handled.In(48), words = "请会签" }));
        Assert.Equal("422 reason-missing", await handled.DoAsync("worker-huzhou", "countersign", new { to = To(Weather), due = handled.In(48) }));
        Assert.Null(await handled.DoAsync("worker-huzhou", "countersign", Ask()));
        var ask = await handled.AskIdAsync("countersign");

        Assert.Equal("countersign", await handled.ListAsync("worker-huzhou-weather"));
        Assert.True(await handled.IsSeenByAsync("worker-hangzhou-civil"));
        Assert.False(await handled.IsSeenByAsync("worker-hangzhou"));
        Assert.Equal("409 countersign-open", await handled.DoAsync("worker-huzhou", "finish"));
        Assert.Equal("404 ask-gone", await handled.AskAsync("worker-hangzhou", ask, "answer", new { result = "agree" }));
        Assert.Equal("403 ask-elsewhere", await handled.AskAsync("colleague", ask, "answer", new { result = "agree" }));
        Assert.Equal("422 ask-answer", await handled.AskAsync("worker-huzhou-weather", ask, "answer", new { result = "answer", words = "可以" }));
        Assert.Equal("422 reason-missing", await handled.AskAsync("worker-huzhou-weather", ask, "answer", new { result = "disagree" }));
        Assert.Null(await handled.AskAsync("worker-huzhou-weather", ask, "answer", new { result = "agree" }));
        Assert.Equal("409 ask-signed", await handled.AskAsync("worker-huzhou-weather", ask, "answer", new { result = "agree" }));
        // The unit has signed: not its other official either.
        Assert.Equal("409 ask-over", await handled.AskAsync("weather-two", ask, "answer", new { result = "agree" }));
        Assert.Equal(("", "countersign"), (await handled.ListAsync("worker-huzhou-weather"), await handled.ListAsync("worker-huzhou-weather", "done")));
        Assert.Equal("409 ask-acted", await handled.AskAsync("worker-huzhou", ask, "withdraw"));
        Assert.Null(await handled.AskAsync("worker-hangzhou-civil", ask, "answer", new { result = "disagree", words = "依据不足" }));
        Assert.Equal(("open agreed waiting disagreed", "409 countersign-open"), (await handled.StandAsync("countersign"), await handled.DoAsync("worker-huzhou", "finish")));
        Assert.Null(await handled.AskAsync("worker-huzhou-traffic", ask, "answer", new { result = "agree", words = "同意" }));
        Assert.Equal("settled agreed agreed disagreed", await handled.StandAsync("countersign"));
        Assert.Null(await handled.DoAsync("worker-huzhou", "finish"));
        // What was seen for it alone is seen no longer.
        Assert.False(await handled.IsSeenByAsync("worker-hangzhou-civil"));
        Assert.Equal("", await handled.ListAsync("worker-hangzhou-civil", "done"));
        Assert.DoesNotContain("countersign.decided", await handled.Played.LedgerAsync(handled.Id));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Two_officials_of_a_unit_who_sign_at_once_sign_once(string store)
    {
        await using var handled = await StartAsync(store);
        await handled.DoAsync("worker-huzhou", "take");
        await handled.DoAsync("worker-huzhou", "countersign", new { to = To(Weather, Traffic), due = handled.In(48), words = "请会签" });
        var ask = await handled.AskIdAsync("countersign");
        foreach (var login in (string[])["worker-huzhou-weather", "weather-two"])
            await handled.AsAsync(login);
        var both = await Task.WhenAll(handled.AskAsync("worker-huzhou-weather", ask, "answer", new { result = "agree" }), handled.AskAsync("weather-two", ask, "answer", new { result = "agree" }));
        Assert.Equal([null, "409 ask-over"], both.Order(StringComparer.Ordinal));
        Assert.Equal("open agreed waiting", await handled.StandAsync("countersign"));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Signing_in_turn_waits_for_those_before_and_those_asked_are_added_and_dropped(string store)
    {
        await using var handled = await StartAsync(store);
        await handled.DoAsync("worker-huzhou", "take");
        Assert.Null(await handled.DoAsync("worker-huzhou", "countersign", new { to = To($"{Weather}/weather-two", Traffic), inTurn = true, due = handled.In(48), words = "请依次会签" }));
        var ask = await handled.AskIdAsync("countersign");
        // Named: no other of the unit, and those after not yet.
        Assert.Equal(("countersign", "", ""), (await handled.ListAsync("weather-two"), await handled.ListAsync("worker-huzhou-weather"), await handled.ListAsync("worker-huzhou-traffic")));
        Assert.Equal("403 ask-elsewhere", await handled.AskAsync("worker-huzhou-weather", ask, "answer", new { result = "agree" }));
        Assert.Equal("409 ask-turn", await handled.AskAsync("worker-huzhou-traffic", ask, "answer", new { result = "agree" }));
        Assert.Equal("409 task-taken", await handled.AskAsync("colleague", ask, "add", new { to = To(Civil) }));
        Assert.Equal("422 ask-whom", await handled.AskAsync("worker-huzhou", ask, "add", new { to = To(Traffic) }));
        Assert.Null(await handled.AskAsync("worker-huzhou", ask, "add", new { to = To(Civil) }));
        var first = (await handled.LastAsync("countersign")).GetProperty("of")[0].GetProperty("id").GetString();
        Assert.Null(await handled.AskAsync("worker-huzhou", ask, "drop", new { of = first }));
        Assert.Equal("409 ask-acted", await handled.AskAsync("worker-huzhou", ask, "drop", new { of = first }));
        Assert.Equal("409 ask-over", await handled.AskAsync("weather-two", ask, "answer", new { result = "agree" }));
        Assert.Equal("countersign", await handled.ListAsync("worker-huzhou-traffic"));
        Assert.Null(await handled.AskAsync("worker-huzhou-traffic", ask, "answer", new { result = "agree" }));
        Assert.Null(await handled.AskAsync("worker-hangzhou-civil", ask, "answer", new { result = "agree" }));
        Assert.Equal("settled dropped agreed agreed", await handled.StandAsync("countersign"));
        Assert.Null(await handled.DoAsync("worker-huzhou", "finish"));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Where_the_quorum_cannot_be_reached_any_more_the_official_decides_and_that_is_on_record(string store)
    {
        await using var handled = await StartAsync(store);
        await handled.DoAsync("worker-huzhou", "take");
        await handled.DoAsync("worker-huzhou", "countersign", new { to = To(Weather, Traffic), due = handled.In(48), words = "请会签" });
        await handled.PassAsync(47);
        Assert.Equal(("open waiting waiting", "409 countersign-open"), (await handled.StandAsync("countersign"), await handled.DoAsync("worker-huzhou", "finish")));
        await handled.PassAsync(1);
        Assert.Equal(("impossible waiting waiting", ""), (await handled.StandAsync("countersign"), await handled.ListAsync("worker-huzhou-weather")));
        Assert.Equal("409 ask-late", await handled.AskAsync("worker-huzhou-weather", await handled.AskIdAsync("countersign"), "answer", new { result = "agree" }));
        Assert.Null(await handled.DoAsync("worker-huzhou", "finish"));
        Assert.Contains("countersign.decided", await handled.Played.LedgerAsync(handled.Id));
    }

    [Theory, InlineData("sqlite", "agrees"), InlineData("postgres", "agrees"), InlineData("sqlite", "none")]
    public async Task Silence_until_the_deadline_has_the_meaning_that_was_declared(string store, string silence)
    {
        await using var handled = await StartAsync(store);
        await handled.DoAsync("worker-huzhou", "take");
        Assert.Equal("422 ask-silence", await handled.DoAsync("worker-huzhou", "opinion", new { to = To(Weather), silence = "yes", due = handled.In(24), words = "征求意见" }));
        Assert.Null(await handled.DoAsync("worker-huzhou", "opinion", new { to = To(Weather, Traffic), silence, due = handled.In(24), words = "征求意见" }));
        var ask = await handled.AskIdAsync("opinion");
        Assert.Equal("opinion", await handled.ListAsync("worker-huzhou-traffic"));
        Assert.Equal("422 reason-missing", await handled.AskAsync("worker-huzhou-weather", ask, "answer", new { result = "answer" }));
        Assert.Null(await handled.AskAsync("worker-huzhou-weather", ask, "answer", new { result = "answer", words = "扩散条件不利" }));
        Assert.Equal(("open answered waiting", "409 opinion-open"), (await handled.StandAsync("opinion"), await handled.DoAsync("worker-huzhou", "finish")));
        Assert.Equal("409 asks-open", await handled.DoAsync("worker-huzhou", "hand-over", new { unit = Civil, reason = "转办" }));
        await handled.PassAsync(24);
        Assert.Equal($"by-silence answered silent:{silence}", await handled.StandAsync("opinion"));
        Assert.Equal("", await handled.ListAsync("worker-huzhou-traffic"));
        Assert.Equal("409 ask-late", await handled.AskAsync("worker-huzhou-traffic", ask, "answer", new { result = "answer", words = "来晚了" }));
        Assert.Equal("409 ask-no-reminder", await handled.AskAsync("worker-huzhou", ask, "remind", new { due = handled.In(24) }));
        Assert.Null(await handled.DoAsync("worker-huzhou", "finish"));
        Assert.Contains("opinion.by-silence", await handled.Played.LedgerAsync(handled.Id));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Whoever_must_be_reminded_is_reminded_once_and_an_opinion_that_nobody_gave_is_taken_back(string store)
    {
        await using var handled = await StartAsync(store);
        await handled.DoAsync("worker-huzhou", "take");
        await handled.DoAsync("worker-huzhou", "opinion", new { to = To(Weather), silence = "none", due = handled.In(24), words = "征求意见" });
        Assert.Null(await handled.AskAsync("worker-huzhou", await handled.AskIdAsync("opinion"), "withdraw"));
        Assert.Equal("", await handled.ListAsync("worker-huzhou-weather"));

        await handled.DoAsync("worker-huzhou", "opinion", new { to = To(Weather, Traffic), silence = "remind", due = handled.In(24), words = "征求意见" });
        var ask = await handled.AskIdAsync("opinion");
        Assert.Equal("409 ask-no-reminder", await handled.AskAsync("worker-huzhou", ask, "remind", new { due = handled.In(24) }));
        await handled.PassAsync(24);
        Assert.Equal(("to-remind waiting waiting", "409 opinion-to-remind", "opinion"), (await handled.StandAsync("opinion"), await handled.DoAsync("worker-huzhou", "finish"), await handled.ListAsync("worker-huzhou-weather")));
        Assert.Null(await handled.AskAsync("worker-huzhou", ask, "remind", new { due = handled.In(24) }));
        Assert.Null(await handled.AskAsync("worker-huzhou-weather", ask, "answer", new { result = "answer", words = "无异议" }));
        Assert.Equal("409 opinion-open", await handled.DoAsync("worker-huzhou", "finish"));
        await handled.PassAsync(24);
        Assert.Equal("by-silence answered silent:none", await handled.StandAsync("opinion"));
        Assert.Null(await handled.DoAsync("worker-huzhou", "finish"));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_copy_lets_see_that_case_alone_and_only_until_the_task_ends(string store)
    {
        await using var handled = await StartAsync(store);
        var other = await handled.AnotherAsync();
        Assert.Equal("403 task-elsewhere", await handled.DoAsync("worker-huzhou-weather", "copy", new { to = To(Civil) }));
        Assert.Null(await handled.DoAsync("worker-huzhou", "copy", new { to = To(Civil, $"{Hangzhou}/worker-hangzhou", "zj-government-office/leader"), words = "供参考" }));
        Assert.Equal(("copy", "copy"), (await handled.ListAsync("leader"), await handled.ListAsync("worker-hangzhou")));
        Assert.Equal("409 copy-twice", await handled.DoAsync("worker-huzhou", "copy", new { to = To(Civil) }));
        Assert.Equal("copy", await handled.ListAsync("worker-hangzhou-civil"));
        Assert.Equal(JsonValueKind.Null, (await handled.LastAsync("copy")).GetProperty("of")[0].GetProperty("seen").ValueKind);
        Assert.True(await handled.IsSeenByAsync("worker-hangzhou-civil"));
        Assert.Equal("worker-hangzhou-civil", (await handled.LastAsync("copy")).GetProperty("of")[0].GetProperty("seenBy").GetString());
        // That one, and to read: not the other, and nothing is done to it.
        Assert.Equal("404 task-gone", await handled.PostAsync("worker-hangzhou-civil", $"tasks/{other}/take"));
        foreach (var act in (string[])["take", "finish", "hand-over", "copy", "countersign"])
            Assert.Equal("403 task-elsewhere", await handled.DoAsync("worker-hangzhou-civil", act, new { unit = Weather, reason = "转", to = To(Weather), due = handled.In(24), words = "转" }));
        Assert.Equal(1, (await (await handled.AsAsync("worker-hangzhou-civil")).GetFromJsonAsync<JsonElement>("/api/v1/cases")).GetProperty("total").GetInt64());
        Assert.True(await handled.IsSeenByAsync("worker-hangzhou"));

        var ask = await handled.AskIdAsync("copy");
        Assert.Null(await handled.AskAsync("worker-huzhou", ask, "withdraw"));
        Assert.False(await handled.IsSeenByAsync("worker-hangzhou-civil"));
        await handled.DoAsync("worker-huzhou", "copy", new { to = To(Civil) });
        Assert.True(await handled.IsSeenByAsync("worker-hangzhou-civil"));
        await handled.DoAsync("worker-huzhou", "finish");
        Assert.False(await handled.IsSeenByAsync("worker-hangzhou-civil"));
        Assert.Equal("", await handled.ListAsync("worker-hangzhou-civil"));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Those_who_wait_urge_once_in_a_while_and_the_assignee_sees_it(string store)
    {
        await using var handled = await StartAsync(store);
        await handled.DoAsync("worker-huzhou", "take");
        Assert.Equal("409 urge-own", await handled.DoAsync("worker-huzhou", "urge", new { words = "请抓紧" }));
        Assert.Equal("403 urge-not-yours", await handled.DoAsync("worker-huzhou-weather", "urge", new { words = "请抓紧" }));
        Assert.Equal("404 task-gone", await handled.DoAsync("worker-hangzhou", "urge", new { words = "请抓紧" }));
        Assert.Equal("422 reason-missing", await handled.DoAsync("head", "urge"));
        await handled.AsAsync("head");
        // Twice at once is once.
        Assert.Equal([null, "409 urge-soon"], (await Task.WhenAll(handled.DoAsync("head", "urge", new { words = "当事人在等" }), handled.DoAsync("head", "urge", new { words = "当事人在等" }))).Order(StringComparer.Ordinal));
        Assert.Equal("409 urge-soon", await handled.DoAsync("head", "urge", new { words = "当事人在等" }));
        Assert.Null(await handled.DoAsync("bureau", "urge", new { words = "临近期限" }));
        Assert.Equal(("task urge urge", "task"), (await handled.ListAsync("worker-huzhou"), await handled.ListAsync("colleague")));
        Assert.True(await handled.IsSeenByAsync("worker-huzhou"));
        Assert.Equal("task", await handled.ListAsync("worker-huzhou"));
        Assert.Equal("409 ask-acted", await handled.AskAsync("bureau", await handled.AskIdAsync("urge"), "withdraw"));
        await handled.PassAsync(24);
        Assert.Null(await handled.DoAsync("head", "urge", new { words = "再次催办" }));
        Assert.Null(await handled.AskAsync("head", await handled.AskIdAsync("urge"), "withdraw"));
        Assert.Equal("task", await handled.ListAsync("worker-huzhou"));
        Assert.Null(await handled.DoAsync("head", "urge", new { words = "还是要催" }));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_leader_s_instruction_is_acknowledged_by_the_unit(string store)
    {
        await using var handled = await StartAsync(store);
        Task<string?> InstructAsync(string login, string? words = "依法从快处置", params string[] units) => handled.PostAsync(login, $"cases/{handled.Id}/instruct", new { words, units });
        Assert.Equal("403 not-allowed", await InstructAsync("worker-huzhou"));
        Assert.Equal("422 reason-missing", await InstructAsync("leader", null));
        Assert.Equal("409 instruct-whom", await InstructAsync("leader", "依法处置", Weather));
        Assert.Null(await InstructAsync("leader"));
        Assert.Null(await InstructAsync("head"));
        Assert.Equal("instruct instruct task", await handled.ListAsync("colleague"));
        var ask = await handled.AskIdAsync("instruct");
        Assert.Equal("403 ask-elsewhere", await handled.AskAsync("worker-huzhou-weather", ask, "answer", new { result = "acknowledge" }));
        await handled.AsAsync("worker-huzhou");
        var both = await Task.WhenAll(handled.AskAsync("colleague", ask, "answer", new { result = "acknowledge" }), handled.AskAsync("worker-huzhou", ask, "answer", new { result = "acknowledge" }));
        Assert.Equal([null, "409 ask-over"], both.Order(StringComparer.Ordinal));
        Assert.Equal("409 ask-acted", await handled.AskAsync("head", ask, "withdraw"));
        Assert.Equal("instruct task", await handled.ListAsync("colleague"));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Several_tasks_at_once_are_each_done_whole_or_told_why_not(string store)
    {
        await using var handled = await StartAsync(store);
        var (second, third) = (await handled.AnotherAsync(), await handled.AnotherAsync());
        await handled.PostAsync("colleague", $"tasks/{second}/take");
        async Task<string> BatchAsync(string login, object body)
        {
            using var answer = await (await handled.AsAsync(login)).PostAsJsonAsync("/api/v1/tasks/batch", body);
            answer.EnsureSuccessStatusCode();
            return string.Join(' ', (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("results").EnumerateArray().Select(r => r.GetProperty("done").GetBoolean() ? "done" : r.GetProperty("code").GetString()));
        }
        string[] tasks = [handled.Task, second, third, "none"];
        Assert.Equal("422 batch-what", await handled.PostAsync("worker-huzhou", "tasks/batch", new { act = "finish", tasks }));
        Assert.Equal("422 batch-what", await handled.PostAsync("worker-huzhou", "tasks/batch", new { act = "take", tasks = Array.Empty<string>() }));
        Assert.Equal("done task-taken done task-gone", await BatchAsync("worker-huzhou", new { act = "take", tasks }));
        Assert.Equal("assign-not-yours assign-not-yours assign-not-yours task-gone", await BatchAsync("worker-huzhou", new { act = "assign", login = "third", tasks }));
        Assert.Equal("done assign-same done task-gone", await BatchAsync("head", new { act = "assign", login = "colleague", tasks }));
        Assert.Equal("done done done task-gone", await BatchAsync("colleague", new { act = "copy", to = To(Civil), words = "供参考", tasks }));
        Assert.Equal("copy copy copy", await handled.ListAsync("worker-hangzhou-civil"));
        Assert.Equal("reason-missing reason-missing reason-missing reason-missing", await BatchAsync("colleague", new { act = "hand-over", to = To(Weather), tasks }));
        Assert.Equal("done done done task-gone", await BatchAsync("colleague", new { act = "hand-over", to = To(Weather), words = "属气象职责", tasks }));
        Assert.Equal("task task task", await handled.ListAsync("worker-huzhou-weather"));
    }
}
