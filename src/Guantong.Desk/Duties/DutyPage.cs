using Guantong.Desk.Frame;
using Guantong.Trust;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;

namespace Guantong.Desk.Duties;

/// <summary>A page whose acts want fresh proof of who is there, and may be refused.</summary>
public abstract class DutyPage : DeskPage
{
    [Inject] private NavigationManager Navigation { get; set; } = null!;

    [Inject] private ISnackbar Snackbar { get; set; } = null!;

    /// <summary>What tells the time.</summary>
    [Inject] protected TimeProvider Clock { get; set; } = null!;

    [CascadingParameter] private Task<AuthenticationState> Signed { get; set; } = null!;

    /// <summary>Whether something is being done.</summary>
    protected bool Busy { get; private set; }

    /// <summary>Does something that wants fresh proof: without it, the person is sent to give it and comes back here.</summary>
    /// <param name="done">The key of what to say when it is done.</param>
    protected async Task DoAsync(Func<Task> work, string done)
    {
        if (await IsProvedAsync())
            await TryAsync(work, done);
    }

    /// <summary>Whether the proof of who is there is fresh; without it, the person is sent to give it and comes back here. Asked before a long form is opened, so that what is filled in is not lost on the way.</summary>
    protected async Task<bool> IsProvedAsync()
    {
        if ((await Signed).User.IsProved(Clock.GetUtcNow()))
            return true;
        Navigation.NavigateTo($"{StepUp.Path}?ReturnUrl={Uri.EscapeDataString("/" + Navigation.ToBaseRelativePath(Navigation.Uri))}", forceLoad: true);
        return false;
    }

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

    /// <summary>Roles in words.</summary>
    protected string Roles(IEnumerable<string> roles) => string.Join(Reader.English ? ", " : "、", roles.Select(r => Policy.Book.Role(r)?.Say(Reader.Language) ?? r));
}
