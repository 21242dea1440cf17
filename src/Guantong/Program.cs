using System.CommandLine;
using System.Text;
using Guantong.Commands;

// The console speaks UTF-8 whatever the terminal's locale says: most of what is printed is Chinese.
Console.OutputEncoding = new UTF8Encoding(false);
// A platform with open connections takes its time to stop; the library's own patience of two seconds would end it with an error.
return await Commands.Root().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
