namespace Guantong.Work;

/// <summary>One handling of a matter (办件).</summary>
/// <param name="State">received (its acceptance is waited for), open, stuck, ended, rejected or redirected instead of being accepted, withdrawn by the case that called it or by its applicant, terminated by a leader, or merged into another.</param>
/// <param name="Outcome">The end event it came to, once ended.</param>
/// <param name="Data">JSON object: what was known at the start and what each task added.</param>
/// <param name="Process">JSON: the process state.</param>
/// <param name="Version">Counts its changes; guards against acting on what somebody else has changed.</param>
/// <param name="Parent">Id of the case that called it, or null.</param>
/// <param name="ParentToken">The token there that waits for it.</param>
/// <param name="ParentNode">The call activity there.</param>
/// <param name="Given">JSON object: what it was called with.</param>
/// <param name="Called">FILE#PROCESS where it runs a process that is part of its matter; null for the matter's own.</param>
/// <param name="Depth">How many calls lead to it.</param>
/// <param name="Applicant">The key of the person or organisation whose matter it is, where they applied with an account. No reader is given it: it would tell which other cases are theirs.</param>
/// <param name="Agent">The key of the person who applied for them, or null.</param>
/// <param name="Authority">Id of the authority under which they did; null for a legal representative.</param>
/// <param name="Term">The limit that it was opened with (P10D working); null where it has none of its own.</param>
/// <param name="Stopped">Since when its clock stands; null while it runs.</param>
/// <param name="Archived">Since when its file is archived: it takes no change any more. Null before.</param>
/// <param name="Suspended">Since when it is suspended (中止办理); null while it is not.</param>
/// <param name="Joint">Id of the joint case (一件事) whose part it is; null where it is none.</param>
public sealed record Case(string Id, string Number, string Pack, string Revision, string Matter, string Title, string Region,
    string State, string? Outcome, string Opened, string OpenedBy, string? Ended, string? Due, string Data, string Process, string? Warning, long Version,
    string? Parent = null, string? ParentToken = null, string? ParentNode = null, string? Given = null, string? Called = null, long Depth = 0,
    [property: System.Text.Json.Serialization.JsonIgnore] string? Applicant = null, [property: System.Text.Json.Serialization.JsonIgnore] string? Agent = null, [property: System.Text.Json.Serialization.JsonIgnore] string? Authority = null,
    string? Term = null, string? Stopped = null, string? Archived = null, string? Suspended = null, string? Joint = null)
{
    /// <summary>The names under which values were sealed: they are sealed again.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public IReadOnlySet<string> Sealed { get; init; } = System.Collections.Frozen.FrozenSet<string>.Empty;

    /// <summary>The number that its applicant knows: of a part of one thing, that of the joint case.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string ToldNumber => Joint is null ? Number : Number[..Number.LastIndexOf('-')];

    /// <summary>How its term stands: green, yellow, red or stopped; null where it has none, or has ended.</summary>
    public string? Light { get; init; }

    /// <summary>Whether it is due in a year whose holidays are not known yet.</summary>
    public bool IsDueEstimated { get; init; }

    internal const string Columns = """
        id AS Id, number AS Number, pack AS Pack, revision AS Revision, matter AS Matter, title AS Title, region AS Region, state AS State,
        outcome AS Outcome, opened AS Opened, opened_by AS OpenedBy, ended AS Ended, due AS Due, data AS Data, process AS Process, warning AS Warning, version AS Version,
        parent AS Parent, parent_token AS ParentToken, parent_node AS ParentNode, given AS Given, called AS Called, depth AS Depth,
        applicant AS Applicant, agent AS Agent, authority AS Authority, term AS Term, stopped AS Stopped, archived AS Archived, suspended AS Suspended, joint AS Joint
        """;
}

/// <summary>A case that another one called, or the one that called: what a reader needs to go there.</summary>
public sealed record CaseLine(string Id, string Number, string Title, string Pack, string State, string? Outcome, string? ParentNode, string Opened, string? Ended, string? Due = null)
{
    /// <summary>The unit that leads it, by id, where it is a part of one thing; else null.</summary>
    public string? Unit { get; init; }
}

/// <summary>What one unit or official has to do in a case, by a deadline (待办).</summary>
/// <param name="State">open, done or withdrawn.</param>
/// <param name="Assignee">The official who took it; null while it is the unit's.</param>
/// <param name="Data">JSON object: what was filled in.</param>
/// <param name="Term">Its own limit; null where it goes by the case's.</param>
public sealed record WorkTask(string Id, string CaseId, string Token, string Node, string Name, string Unit, string? Form,
    string State, string? Assignee, string Opened, string? Due, string? Ended, string? EndedBy, string? Data, long Version, string? Term = null)
{
    /// <summary>How its term stands: green, yellow, red or stopped; null where it has none, or is not open.</summary>
    public string? Light { get; init; }

    internal const string Columns = """
        id AS Id, case_id AS CaseId, token AS Token, node AS Node, name AS Name, unit AS Unit, form AS Form, state AS State,
        assignee AS Assignee, opened AS Opened, due AS Due, ended AS Ended, ended_by AS EndedBy, data AS Data, version AS Version, term AS Term
        """;
}

/// <summary>A task in a list, or something that others ask of the reader, with what a reader needs of its case.</summary>
public sealed record TaskLine
{
    /// <summary>The task's id; empty of what is about a case: an instruction, a supervision, an escalation of its own term.</summary>
    public required string Id { get; init; }

    /// <summary>The task's name; of an instruction the case's title.</summary>
    public required string Name { get; init; }

    /// <summary>The unit whose task it is, or that is asked.</summary>
    public required string Unit { get; init; }

    /// <summary>open or done; of a task also withdrawn.</summary>
    public required string State { get; init; }

    /// <summary>The official who has it, or who is asked; null while it is the unit's.</summary>
    public string? Assignee { get; init; }

    /// <summary>When it was opened, or asked.</summary>
    public required string Opened { get; init; }

    /// <summary>Until when; null where there is no deadline.</summary>
    public string? Due { get; init; }

    /// <summary>When it was finished, or answered.</summary>
    public string? Ended { get; init; }

    /// <summary>Id of the case.</summary>
    public required string CaseId { get; init; }

    /// <summary>Number of the case.</summary>
    public required string Number { get; init; }

    /// <summary>Title of the case.</summary>
    public required string Title { get; init; }

    /// <summary>Region of the case.</summary>
    public required string Region { get; init; }

    /// <summary>Pack of the case.</summary>
    public required string Pack { get; init; }

    /// <summary>Matter of the case.</summary>
    public required string Matter { get; init; }

    /// <summary>task, or what is asked: delegate, countersign, opinion, copy, urge, instruct, escalation or supervise.</summary>
    public required string Kind { get; init; }

    /// <summary>Id of what is asked; empty of a task.</summary>
    public required string Ask { get; init; }

    /// <summary>Login of who asks; empty of a task.</summary>
    public required string AskedBy { get; init; }

    /// <summary>What they say; empty of a task.</summary>
    public required string Words { get; init; }

    /// <summary>The limit of the task itself; null where it goes by its case.</summary>
    public string? Term { get; init; }

    /// <summary>Since when the case's clock stands; null while it runs.</summary>
    public string? Stopped { get; init; }

    /// <summary>1 where whoever has it is away, and the reader stands in for them; else 0.</summary>
    public long StandsIn { get; init; }

    [System.Text.Json.Serialization.JsonIgnore]
    internal string CaseOpened { get; init; } = "";

    [System.Text.Json.Serialization.JsonIgnore]
    internal string? CaseTerm { get; init; }

    /// <summary>How its term stands: green, yellow, red or stopped; null where it has none, or is not open.</summary>
    public string? Light { get; init; }
}

/// <summary>A case with everything about it.</summary>
public sealed record CaseFile(Case Case, IReadOnlyList<WorkTask> Tasks, IReadOnlyList<CaseDocument> Documents)
{
    /// <summary>The case that called it, or null.</summary>
    public CaseLine? Caller { get; init; }

    /// <summary>The cases that it called, in order.</summary>
    public IReadOnlyList<CaseLine> Called { get; init; } = [];

    /// <summary>When its clock was stopped, oldest first; of a part of a case, those of the case.</summary>
    public IReadOnlyList<Pause> Pauses { get; init; } = [];

    /// <summary>The cases that it was merged with or split from, oldest first.</summary>
    public IReadOnlyList<CaseLink> Links { get; init; } = [];

    /// <summary>How it was terminated; null where it was not.</summary>
    public Termination? Termination { get; init; }

    /// <summary>Whose case it is, for an official; null where nobody applied with an account.</summary>
    public CaseParties? Parties { get; init; }

    /// <summary>The names of the personal fields that it holds.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public IReadOnlyList<string> Personal { get; init; } = [];
}

/// <summary>A page of a list and how many there are in all.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, long Total, int Skip, int Take);

/// <summary>How many cases a pack's matters have, and what became of their tasks.</summary>
/// <param name="ByMatter">Cases by matter.</param>
/// <param name="DoneByMatter">Finished tasks by matter.</param>
/// <param name="ByUnit">Tasks by the id of the unit that they reached.</param>
public sealed record CaseCounts(IReadOnlyDictionary<string, long> ByMatter, IReadOnlyDictionary<string, long> DoneByMatter, IReadOnlyDictionary<string, long> ByUnit);

/// <summary>A case's process as it is drawn: the BPMN text, the nodes and flows gone through, the nodes where it stands.</summary>
public sealed record CaseDrawing(string Bpmn, IReadOnlyList<string> Visited, IReadOnlyList<string> Current);
