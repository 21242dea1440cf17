using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>Seals and finds values of one pack's sealed fields, with the keys that stand at one moment.</summary>
/// <remarks>A dataset has a key of its own; a field that refers to another's sealed field is sealed under that one's, so that equal values are equal along references.</remarks>
public sealed class RowSeals
{
    /// <summary>What everybody sees in place of a sealed value.</summary>
    public const string Masked = "•••";

    /// <summary>What everybody sees once the key is destroyed.</summary>
    public const string Erased = "（已擦除 erased）";

    private readonly KeyRing _ring;
    private readonly IReadOnlyList<SealHome> _homes;

    internal RowSeals(Pack pack, KeyRing ring) => (Pack, _ring, _homes) = (pack.Id, ring, pack.Homes());

    private string Pack { get; }

    /// <summary>The data key that seals a dataset's values.</summary>
    // A pack's id may hold dots, a dataset's holds none: no two datasets have one name.
    public static string KeyOf(string pack, string dataset) => $"data.{pack}.{dataset}";

    internal string KeyOf(SealHome home) => KeyOf(Pack, home.Dataset);

    /// <summary>The version under which a key seals now; null where it was destroyed or never made.</summary>
    internal long? VersionOf(string key) => _ring.Current(key);

    /// <summary>A value sealed at home.</summary>
    internal string Seal(SealHome home, string text) => _ring.SealAlike(KeyOf(home), text, Place(home))!;

    /// <summary>How a value stands sealed under a version; null where that version is destroyed.</summary>
    internal string? Sought(SealHome home, string text, long version) => _ring.SealAlike(KeyOf(home), text, Place(home), version);

    /// <summary>A value sealed at home; one that is sealed already is passed on, and brought home where it comes from another of the pack's fields.</summary>
    internal string Pass(SealHome home, string text)
    {
        if (!KeyRing.IsSealed(text))
            return Seal(home, text);
        if (_ring.IsErased(text) || _ring.Open(text, Place(home)).Opening == Opening.Clear)
            return text;
        // A text that only looks like a sealed one is a value like any other.
        return Opened(text, _homes) is { } clear ? Seal(home, clear.Text) : Seal(home, text);
    }

    /// <summary>A value sealed again under the version that seals now; what opens nowhere stays.</summary>
    internal string Again(string text) => Opened(text, _homes) is { } clear ? Seal(clear.Home, clear.Text) : text;

    /// <summary>A value in clear, where its field is not sealed any more; what was erased stays.</summary>
    internal string Clear(IReadOnlyList<SealHome> homes, string text) => Opened(text, homes)?.Text ?? text;

    /// <summary>A keyed hash of what would tell values to whoever guesses them.</summary>
    internal string Hash(SealHome home, string text) => _ring.Hash(KeyOf(home), text);

    /// <summary>A value as it is shown.</summary>
    /// <param name="seals">Tells what was erased; without it that is masked.</param>
    /// <param name="isSealed">Whether its field is sealed.</param>
    internal static object? Show(RowSeals? seals, bool isSealed, object? value) => value switch
    {
        string text when KeyRing.HoldsSealed(text) => seals?._ring.IsErased(text) == true ? Erased : Masked,
        not null when isSealed => Masked,
        _ => value,
    };

    /// <summary>A value in clear, for whoever was granted it; what was erased says so.</summary>
    internal string Reveal(string text) => !KeyRing.IsSealed(text) ? text : _ring.IsErased(text) ? Erased : Opened(text, _homes)?.Text ?? Masked;

    private (SealHome Home, string Text)? Opened(string text, IReadOnlyList<SealHome> homes)
    {
        foreach (var home in homes)
        {
            if (_ring.Open(text, Place(home)) is { Opening: Opening.Clear } opened)
                return (home, opened.Text!);
        }
        return null;
    }

    private string Place(SealHome home) => $"{Pack}/{home.Dataset}.{home.Field}";
}

/// <summary>Rows were sealed anew under a later version meanwhile: to be done again with the keys that stand now.</summary>
internal sealed class KeysMovedException : Exception;
