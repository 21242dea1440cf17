using System.Reflection;
using Guantong.Data;
using Guantong.Desk;
using Guantong.Insight;
using Guantong.Packs;
using Guantong.Portal;
using Guantong.Trust;
using Guantong.Work;

namespace Guantong.Hosting;

/// <summary>The sentences of all rooms, and their translations.</summary>
public static class RoomTexts
{
    /// <summary>The sentences by the name of the room that says them.</summary>
    public static IReadOnlyDictionary<string, Texts> All { get; } = ((Assembly[])[typeof(Pack).Assembly, typeof(TrustRoom).Assembly, typeof(DataRoom).Assembly, typeof(WorkRoom).Assembly, typeof(InsightRoom).Assembly, typeof(PortalRoom).Assembly, typeof(DeskRoom).Assembly, typeof(RoomTexts).Assembly])
        .ToDictionary(a => a.GetName().Name!, Texts.Of);

    /// <summary>The languages of a folder; none where none is named.</summary>
    /// <exception cref="ConfigurationException">It, or a file of it, cannot be read.</exception>
    public static Languages Read(string? folder)
    {
        try
        {
            return folder is null ? Languages.None : Languages.Read(folder, All);
        }
        catch (LanguageException e)
        {
            throw new ConfigurationException(e.Message);
        }
    }
}
