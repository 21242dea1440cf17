using Guantong.Processes;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Gives a task to an official of its unit when it is opened, as its process declares (<c>guantong:assign</c>).</summary>
/// <remarks>What is counted is how many tasks are open now; nothing is kept about how anybody works.</remarks>
public sealed class AssignRules(Accounts accounts)
{
    /// <summary>Chooses among the unit's case workers, those aside who are away, declared an interest in the case, or did what the node is kept apart from.</summary>
    /// <param name="rule">load: whoever has the fewest open tasks of the unit; rota: the next in turn; skill: whoever has the fewest, of those with <c>guantong:skill</c>.</param>
    /// <returns>Null where there is nobody.</returns>
    internal async Task<string?> ChooseAsync(Change change, Case row, ProcessNode node, string unit, string rule)
    {
        // Two cases that come to it at once take turns, so that the second counts what the first was given.
        var key = rule == "rota" ? $"{unit} {row.Pack}/{row.Matter}#{node.Id}" : unit;
        await change.ExecuteAsync("INSERT INTO work_turn (key, login) VALUES (@key, '') ON CONFLICT (key) DO NOTHING", new { key });
        var last = await change.FindAsync<string>($"SELECT login FROM work_turn WHERE key = @key{change.ForUpdate}", new { key });
        var args = new { unit, row.Id, change.Stamp, skill = node.Attributes.GetValueOrDefault("skill", "") };
        var aside = (await change.QueryAsync<string>("SELECT login FROM work_recusal WHERE case_id = @Id UNION SELECT a.login FROM work_absence a WHERE a.unit = @unit AND a.begins <= @Stamp AND a.ends > @Stamp", args)).ToHashSet();
        aside.UnionWith(await Tasks.ApartAsync(change, row.Id, node));
        var fit = (await accounts.OfUnitAsync(unit)).Where(p => Policy.MayWork(p, unit) && !aside.Contains(p.Login)).Select(p => p.Login).Order(StringComparer.Ordinal).ToList();
        if (rule == "skill")
        {
            var skilled = (await change.QueryAsync<string>("SELECT login FROM work_skill WHERE unit = @unit AND skill = @skill", args)).ToHashSet();
            fit.RemoveAll(l => !skilled.Contains(l));
        }
        if (fit.Count == 0)
            return null;
        if (rule == "rota")
        {
            var next = fit.FirstOrDefault(l => string.CompareOrdinal(l, last) > 0) ?? fit[0];
            change.Later("UPDATE work_turn SET login = @next WHERE key = @key", new { key, next });
            return next;
        }
        var has = (await change.QueryAsync<(string Login, long Count)>("SELECT assignee, count(*) FROM work_task WHERE unit = @unit AND state = 'open' AND assignee IS NOT NULL GROUP BY assignee", args)).ToDictionary(h => h.Login, h => h.Count);
        return fit.MinBy(l => has.GetValueOrDefault(l));
    }
}
