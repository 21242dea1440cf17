namespace Guantong.Gateway;

/// <summary>Files that are new and for the platform's eyes only.</summary>
internal static class OwnFile
{
    public static FileStreamOptions Options(FileAccess access, FileOptions options = FileOptions.None, int buffer = 4096)
    {
        var made = new FileStreamOptions { Mode = FileMode.CreateNew, Access = access, Share = FileShare.Read, Options = options, BufferSize = buffer };
        if (!OperatingSystem.IsWindows())
            made.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return made;
    }
}
