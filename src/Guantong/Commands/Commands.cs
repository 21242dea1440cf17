using System.CommandLine;
using System.Globalization;
using System.Runtime.CompilerServices;
using Guantong.Hosting;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Commands;

/// <summary>The command line: one class a command.</summary>
public static class Commands
{
    /// <summary>The sentences of the command line.</summary>
    internal static readonly Texts Sentences = Texts.Of(typeof(Commands).Assembly);

    internal static readonly Option<string> At = new("--at") { Recursive = true, DefaultValueFactory = _ => Env("DATA") ?? "data" };
    internal static readonly Option<string?> Store = new("--store") { Recursive = true, DefaultValueFactory = _ => Env("STORE") };
    internal static readonly Option<string?> Warehouse = new("--warehouse") { Recursive = true, DefaultValueFactory = _ => Env("WAREHOUSE") };
    internal static readonly Option<string> Jurisdiction = new("--jurisdiction") { Recursive = true, DefaultValueFactory = _ => Env("JURISDICTION") ?? "zhejiang" };
    internal static readonly Option<string> LangOption = new("--lang") { Recursive = true, DefaultValueFactory = _ => Env("LANG") ?? "zh-CN" };

    internal static readonly Option<string?> RootKey = new("--root") { Recursive = true, DefaultValueFactory = _ => Env("ROOT") };
    internal static readonly Option<string> Cipher = new("--cipher") { Recursive = true, DefaultValueFactory = _ => Env("CIPHER") ?? "sm4-gcm" };

    private static readonly ConditionalWeakTable<Command, string> Acts = [];

    internal static string? Env(string name) => Environment.GetEnvironmentVariable("GUANTONG_" + name) is { Length: > 0 } value ? value : null;

    /// <summary>The root command with all others.</summary>
    public static RootCommand Root()
    {
        var lang = LanguageOfHelp();
        string About(string key) => Sentences.Say(lang, key);
        (At.Description, Store.Description, Jurisdiction.Description, LangOption.Description) = (About("opt.data"), About("opt.store"), About("opt.jurisdiction"), About("opt.lang"));
        (RootKey.Description, Cipher.Description, Warehouse.Description) = (About("opt.root"), About("opt.cipher"), About("opt.warehouse"));
        return new RootCommand(About("cli.about"))
        {
            At, Store, Warehouse, Jurisdiction, LangOption, RootKey, Cipher,
            UpCommand.Make(About), PeopleCommand.Make(About), OrganisationsCommand.Make(About), FourEyesCommand.Make(About), ElevationsCommand.Make(About), TestCommand.Make(About), CheckCommand.Make(About), PlanCommand.Make(About, apply: false), PlanCommand.Make(About, apply: true),
            TraceCommand.Make(About), LoadCommand.Make(About), StatusCommand.Make(About), LedgerCommand.Make(About), DecideCommand.Make(About), SimulateCommand.Make(About), ClientsCommand.Make(About), KeysCommand.Make(About), BackupCommand.MakeBackup(About), BackupCommand.MakeRestore(About), SchemasCommand.Make(About), TextsCommand.Make(About), MatrixCommand.Make(About), WhyDeniedCommand.Make(About),
        };
    }

    /// <summary>Every command that does something; those that only hold others aside.</summary>
    public static IEnumerable<Command> All() => Root().Subcommands.SelectMany(Leaves);

    private static IEnumerable<Command> Leaves(Command command) => command.Subcommands.Count == 0 ? [command] : command.Subcommands.SelectMany(Leaves);

    /// <summary>Declares the act that a command does, for the operator of the machine, who runs it.</summary>
    internal static Command Needs(this Command command, string act)
    {
        Acts.Add(command, act);
        return command;
    }

    /// <summary>The act of a command, or null when none is declared.</summary>
    public static string? ActOf(Command command) => Acts.TryGetValue(command, out var act) ? act : null;

    /// <summary>Why a command is not to run, or null; asking for help and a wrong command line are nobody's act.</summary>
    public static string? Refusal(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.Errors.Count > 0 || command is RootCommand || parsed.Action is System.CommandLine.Help.HelpAction)
            return null;
        var verdict = Policy.Decide(new Asking(Policy.Operator, ActOf(command) ?? "", At: TimeProvider.System.GetUtcNow()));
        return verdict.IsAllowed ? null : string.Join(Environment.NewLine, Policy.Explain(verdict, parsed.Lang()));
    }

    // Help is made before options are parsed, so the language is picked out by hand.
    private static string LanguageOfHelp()
    {
        var args = Environment.GetCommandLineArgs();
        var at = Array.IndexOf(args, "--lang");
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : Env("LANG") ?? "zh-CN";
    }

    internal static string Lang(this ParseResult parsed) =>
        parsed.GetValue(LangOption)!.StartsWith("en", StringComparison.OrdinalIgnoreCase) ? "en" : "zh-CN";

    internal static string Say(this ParseResult parsed, string key, params object?[] args) => Sentences.Say(parsed.Lang(), key, args);

    internal static Settings Settings(this ParseResult parsed, string url = "http://127.0.0.1:0") => new(
        Hosting.Settings.FindHome(), Path.GetFullPath(parsed.GetValue(At)!), parsed.GetValue(Store), parsed.GetValue(Jurisdiction)!, url, Keys: Env("KEYS")) { Proxies = Env("PROXIES"), Exchange = Exchange(), Smtp = Env("SMTP"), Imap = Env("IMAP"), Scanner = Env("SCANNER"), Font = Env("FONT"), Seals = Env("SEALS"), Languages = Env("LANGUAGES"), SealsPassword = Env("SEALS_PASSWORD"), Root = parsed.GetValue(RootKey), Warehouse = parsed.GetValue(Warehouse), Cipher = parsed.GetValue(Cipher)! };

    private static Uri? Exchange() => Env("EXCHANGE") is not { } text ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == "https" && uri.AbsolutePath == "/" ? uri
        : throw new Trust.ConfigurationException($"GUANTONG_EXCHANGE: “{text}” is no address that can be used; write it like https://0.0.0.0:9443");

    internal static string Number(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
