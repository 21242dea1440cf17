using Guantong.Packs;

namespace Guantong.Work;

/// <summary>This room's sentences.</summary>
public static class WorkTexts
{
    private static readonly Texts Sentences = Texts.Of(typeof(WorkTexts).Assembly);

    /// <summary>A sentence in a reader's language.</summary>
    public static string Say(string lang, string key, params object?[] args) => Sentences.Say(lang, key, args);

    /// <summary>What a ledger action is called, or the action itself.</summary>
    public static string Action(string lang, string action) => Sentences.Has("action." + action) ? Sentences.Say(lang, "action." + action) : action;
}
