namespace Guantong.Data;

/// <summary>This room's sentences, for those that show its things.</summary>
public static class CatalogueTexts
{
    /// <summary>A sentence in a reader's language.</summary>
    public static string Say(string lang, string key, params object?[] args) => DataTexts.Sentences.Say(lang, key, args);
}
