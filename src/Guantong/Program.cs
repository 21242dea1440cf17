using System.CommandLine;
using System.Text;
using Guantong.Commands;

// The console speaks UTF-8 whatever the terminal's locale says: most of what is printed is Chinese.
Console.OutputEncoding = new UTF8Encoding(false);
var parsed = Commands.Root().Parse(args);
if (Commands.Refusal(parsed) is { } refusal)
{
    Console.Error.WriteLine(refusal);
    return 3;
}
// A platform with open connections takes its time to stop; the library's own patience of two seconds would end it with an error.
return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
