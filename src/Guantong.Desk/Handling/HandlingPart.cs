using System.Globalization;
using Guantong.Desk.Frame;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Guantong.Desk.Handling;

/// <summary>A part of a page from which officials ask things of each other.</summary>
public abstract class HandlingPart : ComponentBase
{
    /// <summary>What they do.</summary>
    [Inject] protected TaskHandling Acts { get; set; } = null!;

    /// <summary>Whose units they are of.</summary>
    [Inject] protected Jurisdiction Land { get; set; } = null!;

    /// <summary>What tells the time.</summary>
    [Inject] protected TimeProvider Clock { get; set; } = null!;

    [Inject] private ISnackbar Snackbar { get; set; } = null!;

    /// <summary>Who reads.</summary>
    [CascadingParameter] public required Reader Reader { get; set; }

    /// <summary>Told when something was changed.</summary>
    [Parameter] public EventCallback OnChanged { get; set; }

    /// <summary>Whether something is being done.</summary>
    protected bool Busy { get; private set; }

    /// <summary>Who is signed in.</summary>
    protected Person Me => Reader.Person!;

    /// <summary>Does something, and says how it went; false where something stood in the way.</summary>
    /// <param name="done">The key of what to say when it is done.</param>
    protected async Task<bool> TryAsync(Func<Task> act, string done)
    {
        Busy = true;
        try
        {
            if (!await Snackbar.TryAsync(Reader, act, done))
                return false;
        }
        finally
        {
            Busy = false;
        }
        await OnChanged.InvokeAsync();
        return true;
    }

    /// <summary>A unit's name.</summary>
    protected string UnitName(string unit) => Land.Units.Find(unit)?.Say(Reader.Language) ?? unit;

    /// <summary>A unit or official in words.</summary>
    protected string Whom(string unit, string? login) => login is null ? UnitName(unit) : Reader.Say("handling.official", login, UnitName(unit));

    /// <summary>What a field for a time is given by the jurisdiction's clock, as the store writes it; null where it is none.</summary>
    protected string? Until(string? local) => DateTime.TryParse(local, CultureInfo.InvariantCulture, out var at) ? Time.Write(new DateTimeOffset(at, Reader.Offset)) : null;

    /// <summary>Six in the evening in three days, as a field for a time takes it.</summary>
    protected string InThreeDays() => Clock.GetUtcNow().ToOffset(Reader.Offset).Date.AddDays(3).AddHours(18).ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture);
}
