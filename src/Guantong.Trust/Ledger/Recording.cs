using System.Data.Common;
using System.Security.Cryptography;
using Dapper;

namespace Guantong.Trust;

/// <summary>What the ledger knows people and organisations by: keys that tell neither name nor login nor identity number.</summary>
public static class Subjects
{
    /// <summary>A new person's key: random, so that nothing can be learnt from it.</summary>
    internal static string NewKey() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>An organisation's: its unified social credit code, which is public.</summary>
    public static string OfOrganisation(string code) => "organisation:" + code;

    /// <summary>The credit code of an organisation's, or null for a person's.</summary>
    public static string? CodeOf(string subject) => subject.StartsWith("organisation:", StringComparison.Ordinal) ? subject["organisation:".Length..] : null;

    /// <summary>Names by subject; whoever has left the user centre has none.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> NamesAsync(DbConnection connection, IEnumerable<string> subjects)
    {
        var names = new Dictionary<string, string>();
        foreach (var subject in subjects.Distinct())
        {
            var name = await connection.QueryFirstOrDefaultAsync<string>(CodeOf(subject) is null ? "SELECT name FROM person WHERE key = @key" : "SELECT name FROM organisation WHERE code = @key",
                new { key = subject[(subject.IndexOf(':', StringComparison.Ordinal) + 1)..] });
            if (name is not null)
                names[subject] = name;
        }
        return names;
    }

    /// <summary>A person's by their login, or null where nobody has it: a machine, a program, this machine's operator.</summary>
    public static Task<string?> SubjectOfAsync(this Store store, string login, CancellationToken cancel = default) =>
        store.ReadAsync(c => c.QueryFirstOrDefaultAsync<string>("SELECT 'person:' || key FROM person WHERE login = @login", new { login }), cancel);

    /// <summary>The same within a change.</summary>
    public static Task<string?> SubjectOfAsync(this Change change, string login) =>
        change.FindAsync<string>("SELECT 'person:' || key FROM person WHERE login = @login", new { login });

    /// <summary>That of a principal as authority names it: <c>person:LOGIN</c> or <c>organisation:CODE</c>.</summary>
    public static async Task<string?> SubjectOfPrincipalAsync(this Change change, string principal) =>
        principal.StartsWith("person:", StringComparison.Ordinal) ? await change.SubjectOfAsync(principal["person:".Length..]) : principal;
}

/// <summary>Entries that fill in by themselves for which unit something was done, and whose data it was about.</summary>
public static class Recording
{
    /// <summary>Says what a person did, in the post that they act in.</summary>
    public static void Record(this Change change, Person by, string action, string about, string detail = "{}", string? subject = null, string? dataset = null) =>
        change.Record(by.Login, action, about, detail, by.Unit, subject, dataset);

    /// <summary>Says what somebody did to a person's account.</summary>
    public static async Task RecordOfAsync(this Change change, Person by, string action, string login, string detail = "{}") =>
        change.Record(by, action, $"person:{login}", detail, await change.SubjectOfAsync(login));

    /// <summary>Says what a person did with what is their own, where no more than their login is known; for the unit of their main post.</summary>
    /// <param name="about">Their account where nothing else is named.</param>
    public static async Task RecordOwnAsync(this Change change, string login, string action, string detail = "{}", string? about = null)
    {
        var row = await change.FindAsync<Own>("""
            SELECT 'person:' || p.key AS Subject,
                   coalesce((SELECT min(unit) FROM post WHERE post.login = p.login AND kind = 'main' AND ended IS NULL AND from_day <= @today AND (to_day IS NULL OR to_day >= @today)), p.unit) AS Unit
            FROM person p WHERE p.login = @login
            """, new { login, today = change.Stamp[..10] });
        change.Record(login, action, about ?? $"person:{login}", detail, row?.Unit, row?.Subject);
    }

    // A computed column has no type on SQLite where it is null: a class takes it, a record does not.
    private sealed class Own
    {
        public string? Subject { get; set; }

        public string? Unit { get; set; }
    }
}
