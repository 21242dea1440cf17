using System.Text.Json;
using Dapper;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>What officials of a unit can do beside their office (a language, a register, a kind of inspection): tasks may be assigned by it. A leader of the unit says so; it is no grade of anybody.</summary>
public sealed class Skills(Store store, Accounts accounts, TimeProvider clock)
{
    /// <summary>The most that one official has.</summary>
    public const int Most = 20;

    /// <summary>The longest name of one.</summary>
    public const int Longest = 40;

    /// <summary>The skills of a unit's officials, by login.</summary>
    public async Task<ILookup<string, string>> OfUnitAsync(string unit, CancellationToken cancel = default) =>
        (await store.ReadAsync(c => c.QueryAsync<(string Login, string Skill)>("SELECT login, skill FROM work_skill WHERE unit = @unit ORDER BY login, skill", new { unit }), cancel)).ToLookup(s => s.Login, s => s.Skill);

    /// <summary>A leader says what an official of the unit can do, in place of what was said before.</summary>
    /// <exception cref="ConflictException">skill-not-yours: they do not lead the unit, or it has no such official; skill-words.</exception>
    public async Task SetAsync(string login, IReadOnlyList<string>? skills, Person by, CancellationToken cancel = default)
    {
        var names = (skills ?? []).Select(s => s?.Trim() ?? "").Distinct().ToList();
        if (by.Unit is not { } unit || !by.May("absence.manage", new Thing(unit)) || (await accounts.OfUnitAsync(unit, cancel)).All(p => p.Login != login))
            throw new ConflictException("skill-not-yours");
        if (names.Count > Most || names.Any(n => n.Length is 0 or > Longest))
            throw new ConflictException("skill-words");
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            await change.FindAsync<string>($"SELECT login FROM person WHERE login = @login{change.ForUpdate}", new { login });
            await change.ExecuteAsync("DELETE FROM work_skill WHERE unit = @unit AND login = @login", new { unit, login });
            foreach (var skill in names)
                await change.ExecuteAsync("INSERT INTO work_skill (unit, login, skill) VALUES (@unit, @login, @skill)", new { unit, login, skill });
            await change.RecordOfAsync(by, "skills.set", login, JsonSerializer.Serialize(new { unit, skills = names }, Json.Plain));
        }, cancel);
    }
}
