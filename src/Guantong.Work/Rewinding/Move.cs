namespace Guantong.Work;

/// <summary>How an official has a case leave the order of its process (docs/bpmn.md, “Going back and forward”).</summary>
public enum MoveKind
{
    /// <summary>退回: back to an activity that was come to before.</summary>
    Rewind,

    /// <summary>撤回: one's own submission taken back while nobody has acted on it.</summary>
    Recall,

    /// <summary>重做: one branch again, no other's open work ends.</summary>
    Redo,

    /// <summary>跳过: an activity is left without being done.</summary>
    Skip,
}

/// <summary>Where a case is to go.</summary>
/// <param name="To">Id of the activity to go to; of a skip, null for what follows by itself.</param>
/// <param name="Within">The token in whose instance of a level it is meant, where several are open.</param>
/// <param name="Token">Of a skip: the token of what is left.</param>
/// <param name="Compensates">Whether what was completed since is undone first, by the process's own handlers.</param>
public sealed record Move(MoveKind Kind, string? To, string? Within = null, string? Token = null, bool Compensates = false);

/// <summary>A place in a process, as a reader is told of it.</summary>
/// <param name="Node">Its id.</param>
/// <param name="Name">Its name in the reader's language.</param>
/// <param name="Unit">The id of the unit whose task it is, or null.</param>
/// <param name="Count">How many of it are meant: instances of one activity.</param>
public sealed record MovePart(string Node, string Name, string? Unit, int Count);

/// <summary>What a move would do, without doing it.</summary>
/// <param name="Ends">What is open or waited for now and ends.</param>
/// <param name="Stays">What is open or waited for now and stays as it is.</param>
/// <param name="Opens">What opens or is waited for anew.</param>
/// <param name="EndsCase">Whether the case is over with it.</param>
/// <param name="Stuck">Why the case would lead nowhere, in the reader's words; null where it goes on. What a skip gives may mend that.</param>
public sealed record MovePreview(IReadOnlyList<MovePart> Ends, IReadOnlyList<MovePart> Stays, IReadOnlyList<MovePart> Opens, bool EndsCase, string? Stuck);

/// <summary>A move that an official may make now.</summary>
/// <param name="Name">The activity to go to, or, of a skip without one, what is left.</param>
/// <param name="Instance">Which of several open instances of its level is meant, counted from 1; null where there is one.</param>
/// <param name="Leaves">Of a skip: the activity that is left.</param>
/// <param name="Undoes">What would be undone first if that is asked for; empty where nothing can be undone.</param>
/// <param name="Form">Of a skip: the form of the task that is left; what it asks for may be given instead.</param>
public sealed record MoveOffer(Move Move, string Name, int? Instance, MovePart? Leaves, MovePreview Preview, IReadOnlyList<MovePart> Undoes, string? Form);

/// <summary>What an official may do with a case now.</summary>
/// <param name="CaseId">The case.</param>
/// <param name="Version">Its version: a move names it, and is refused where the case has moved since.</param>
public sealed record CaseMoves(string CaseId, long Version, IReadOnlyList<MoveOffer> Offers);
