using System.CommandLine;
using System.Text;
using Guantong.Commands;

// The console speaks UTF-8 whatever the terminal's locale says: most of what is printed is Chinese.
Console.OutputEncoding = new UTF8Encoding(false);
return await Commands.Root().Parse(args).InvokeAsync();
