using Guantong.Tck;

if (args.Length == 0 || !Directory.Exists(args[0]))
{
    Console.Error.WriteLine("usage: Guantong.Tck FOLDER [-v]   a folder laid out like the DMN Technology Compatibility Kit; -v names each case that fails");
    return 2;
}
var tally = new Tally();
foreach (var result in Kit.Run(args[0]))
{
    tally.Add(result);
    Console.WriteLine($"{result.Name}: {result.Passed} passed, {result.Failures.Count} failed, {result.Skipped} skipped");
    if (args.Contains("-v"))
    {
        foreach (var failure in result.Failures)
            Console.WriteLine($"    {failure}");
    }
}
Console.WriteLine(tally);
return tally.Failed == 0 ? 0 : 1;
