using System.Text;

namespace Guantong.Trust;

/// <summary>Files for the platform's eyes only: keys, journals, whatever waits on its way.</summary>
public static class OwnFile
{
    /// <summary>How such a file is opened.</summary>
    /// <param name="mode">CreateNew, or Create where another may stand.</param>
    /// <param name="buffer">Bytes that are held back; 0 for none.</param>
    public static FileStreamOptions Options(FileMode mode = FileMode.CreateNew, FileAccess access = FileAccess.Write, FileOptions options = FileOptions.None, int buffer = 4096)
    {
        var made = new FileStreamOptions { Mode = mode, Access = access, Share = FileShare.Read, Options = options, BufferSize = buffer };
        if (!OperatingSystem.IsWindows())
            made.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return made;
    }

    /// <summary>Writes a file that is made once, with its folder, whole and down to the disk. Of nodes that do so at one time, the first one's stands.</summary>
    /// <returns>Whether it is this one's.</returns>
    public static bool WriteOnce(string file, string text)
    {
        var folder = Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!).FullName;
        var fresh = Path.Combine(folder, $".{Guid.NewGuid():n}");
        using (var stream = new FileStream(fresh, Options()))
        {
            stream.Write(Encoding.ASCII.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }
        try
        {
            File.Move(fresh, file, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(fresh);
            return false;
        }
    }
}
