using Guantong.Packs;

namespace Guantong.Insight;

/// <summary>The sentences of screens that leave the Desk: in files, notices and the API.</summary>
public static class ScreenTexts
{
    private static readonly Texts Sentences = Texts.Of(typeof(ScreenTexts).Assembly);

    /// <summary>A sentence in a reader's language.</summary>
    public static string Say(string lang, string key, params object?[] args) => Sentences.Say(lang, key, args);
}
