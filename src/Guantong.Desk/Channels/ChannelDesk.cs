using Guantong.Desk.Frame;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Guantong.Desk.Channels;

/// <summary>What the pages of channels have in common: the channel, who may do what to it, and words for what was done.</summary>
public abstract class ChannelDesk : DeskPage
{
    private readonly Dictionary<string, string> _names = [];

    /// <summary>Channels and what is done to them.</summary>
    [Inject] protected RegionChannels Book { get; set; } = null!;

    /// <summary>Whose regions and units.</summary>
    [Inject] protected Jurisdiction Land { get; set; } = null!;

    /// <summary>Asks before something is done.</summary>
    [Inject] protected IDialogService Dialogs { get; set; } = null!;

    [Inject] private ISnackbar Snackbar { get; set; } = null!;

    [Inject] private Accounts People { get; set; } = null!;

    /// <summary>The channel at hand; null where there is none that they may see.</summary>
    protected RegionChannel? Channel { get; private set; }

    /// <summary>Whether something is being done.</summary>
    protected bool Busy { get; private set; }

    /// <summary>Reads the channel of a region, and who wrote of it.</summary>
    protected async Task ReadAsync(string region)
    {
        Channel = await Book.FindAsync(region, Me.Rows("channel.read", Land), Left);
        foreach (var login in Channel is null ? [] : Channel.Versions.SelectMany(v => v.Authors.Append(v.SubmittedBy).Append(v.DecidedBy)).Append(Channel.SavedBy).OfType<string>().Distinct().Where(l => !_names.ContainsKey(l)))
            _names[login] = (await People.FindAsync(login, Left))?.Say(Reader.Language) ?? login;
    }

    /// <summary>Takes what a change left the channel as.</summary>
    protected void Take(RegionChannel now) => Channel = now;

    /// <summary>Whether they may do an act to the channel.</summary>
    protected bool May(string act) => Channel is { } channel && Me.May(act, new Thing(Unit: channel.Unit, Region: channel.Region), Land);

    /// <summary>Somebody by their name.</summary>
    protected string NameOf(string? login) => login is null ? "–" : _names.GetValueOrDefault(login, login);

    /// <summary>A region by its name.</summary>
    protected string RegionOf(string code) => Land.Regions.Say(code, Reader.Language) ?? code;

    /// <summary>The class of a state's chip.</summary>
    protected static string Chip(string state) => state switch { "shown" => "done", "waiting" or "scheduled" => "open", "returned" => "warning", _ => "withdrawn" };

    /// <summary>Does something that may be refused, and says how it went.</summary>
    /// <param name="done">The key of what to say when it is done.</param>
    protected async Task<bool> TryAsync(Func<Task> work, string done)
    {
        Busy = true;
        try
        {
            return await Snackbar.TryAsync(Reader, work, done);
        }
        finally
        {
            Busy = false;
        }
    }
}
