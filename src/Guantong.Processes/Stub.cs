namespace Guantong.Processes;
public enum NodeKind { StartEvent, UserTask, ServiceTask }
public sealed record ProcessNode(string Id, string Name, NodeKind Kind, string? Lane, IReadOnlyDictionary<string,string> Attributes, int Line, int Column);
public sealed record Flow(string Id, string Source, string Target);
public sealed record Lane(string Id, string Name, IReadOnlyList<string> NodeIds, int Line, int Column);
public sealed record ProcessFault(int Line, int Column, string Code, IReadOnlyList<string> Args) { public string Message(string lang) => Code; }
public sealed record ProcessReading(ProcessDefinition? Definition, IReadOnlyList<ProcessFault> Faults);
public sealed record ProcessDefinition(string Id, string Name, IReadOnlyList<ProcessNode> Nodes, IReadOnlyList<Flow> Flows, IReadOnlyList<Lane> Lanes, string Xml) { public static ProcessReading Read(string xml, string file) => new(null, []); }
