using System.Globalization;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Desk.Frame;

/// <summary>Who reads a page, and how to say things to them.</summary>
/// <param name="Language">zh-CN or en.</param>
/// <param name="Offset">The clock of the jurisdiction, ahead of UTC.</param>
/// <param name="Person">Who is signed in; null on the sign-in page alone.</param>
public sealed record Reader(string Language, TimeSpan Offset, Person? Person)
{
    private static readonly Texts Sentences = Texts.Of(typeof(Reader).Assembly);

    /// <summary>What screens wear for them, as their browser remembers it: light or dark, a point, usual or safe.</summary>
    public string Look { get; set; } = "";

    /// <summary>True for the English reader.</summary>
    public bool English => Language != Lang.Zh;

    /// <summary>A sentence of the Desk in a language.</summary>
    public static string SayIn(string lang, string key, params object?[] args) => Sentences.Say(lang, key, args);

    /// <summary>A sentence of the Desk.</summary>
    public string Say(string key, params object?[] args) => Sentences.Say(Language, key, args);

    /// <summary>The sentence of a word that things use among themselves (a state, a level), or the word where there is none.</summary>
    public string Word(string kind, string word) => Sentences.Has($"{kind}.{word}") ? Say($"{kind}.{word}") : word;

    /// <summary>A day.</summary>
    public string Day(DateOnly day) => Wording.Day(Language, day);

    /// <summary>A day, month or year by its first day.</summary>
    public string Period(DateOnly day, string period) => Wording.Period(Language, day, period);

    /// <summary>A stored time (ISO 8601, UTC) by the jurisdiction's clock.</summary>
    public string Moment(string? stamp) =>
        DateTimeOffset.TryParse(stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at.ToOffset(Offset).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : "–";

    /// <summary>A time in UTC, by the jurisdiction's clock.</summary>
    public string Moment(DateTime utc) => (utc + Offset).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>A share of one as whole percent.</summary>
    public static string Percent(double share) => share.ToString("0\u202f%", CultureInfo.InvariantCulture);

    /// <summary>Whether a stored time has passed.</summary>
    public static bool IsPast(string? stamp, DateTimeOffset now) =>
        DateTimeOffset.TryParse(stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && at < now;
}

/// <summary>What every page of the Desk has at hand.</summary>
public abstract class DeskPage : Microsoft.AspNetCore.Components.ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _left = new();

    /// <summary>Who reads.</summary>
    [Microsoft.AspNetCore.Components.CascadingParameter] public required Reader Reader { get; set; }

    /// <summary>Who is signed in.</summary>
    protected Person Me => Reader.Person!;

    /// <summary>Cancelled when the reader leaves the page.</summary>
    protected CancellationToken Left => _left.Token;

    /// <summary>A sentence of the Desk.</summary>
    protected string Say(string key, params object?[] args) => Reader.Say(key, args);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
        GC.SuppressFinalize(this);
    }
}
