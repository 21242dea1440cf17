namespace Guantong.Tests;

/// <summary>What an attacker puts where a name, a text or a number is asked for.</summary>
internal static class Hostile
{
    /// <summary>Injection into SQL, markup, templates, formulas, logs, headers, paths and addresses; texts that break careless code.</summary>
    public static readonly string[] Texts =
    [
        "' OR '1'='1", "'; DROP TABLE person; --", "1); DELETE FROM ledger; --", "\" OR \"\"=\"", "%' UNION SELECT password FROM person --", "$$; SELECT pg_sleep(9); $$", "x' AND 1=CAST((SELECT password FROM person LIMIT 1) AS INT)--", "%", "_", "\\",
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "javascript:alert(1)", "<svg/onload=alert(1)>", "</textarea><script>alert(1)</script>", "&lt;b&gt;", "{{7*7}}", "${7*7}", "#{7*7}", "@(7*7)", "<%= 7*7 %>", "[x](javascript:alert(1))",
        "=1+1", "+1", "-1", "@SUM(A1)", "=cmd|'/c calc'!A1", "=HYPERLINK(\"http://198.51.100.7\")",
        "a\r\nSet-Cookie: own=1", "a\nforged log line", "\u001b[31mred", "a\u0000b", "\u202Eexe.txt", "\uFEFF", "pаypal", "ｓｃｒｉｐｔ", "e\u0301", "🀄", "\uD83D",
        "../../../etc/passwd", "..\\..\\windows\\win.ini", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/etc/passwd", "file:///etc/passwd", "http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:22/", "//198.51.100.7/x", "\\\\198.51.100.7\\x",
        "-1", "0", "99999999999999999999", "1e309", "NaN", "9223372036854775808", "1900-02-29", "0000-00-00", "P999999999Y", "true", "null", "[]", "{}", new('a', 5_000), new('好', 3_000), new('(', 2_000),
    ];

    /// <summary>What must not be in any answer: traces, paths and engines' own words.</summary>
    public static readonly string[] Leaks = ["   at Guantong", "System.InvalidOperation", "System.NullReference", "StackTrace", "SQLite Error", "Npgsql.", "DuckDB", ".cs:line", "root:x:0"];
}
