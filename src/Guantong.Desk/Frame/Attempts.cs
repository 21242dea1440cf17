using Guantong.Trust;
using Guantong.Work;
using MudBlazor;

namespace Guantong.Desk.Frame;

/// <summary>What may be refused, done from a page.</summary>
internal static class Attempts
{
    /// <summary>Does something, and says how it went.</summary>
    /// <param name="done">The key of what to say when it is done.</param>
    /// <returns>False where it was refused.</returns>
    public static async Task<bool> TryAsync(this ISnackbar snackbar, Reader reader, Func<Task> work, string done)
    {
        try
        {
            await work();
            snackbar.Add(reader.Say(done), MudBlazor.Severity.Success);
            return true;
        }
        catch (Exception e) when (e is RefusedException or ConflictException)
        {
            snackbar.Add(e is RefusedException refused ? refused.Say(reader.Language) : ((ConflictException)e).Say(reader.Language), MudBlazor.Severity.Error);
            return false;
        }
    }
}
