namespace Guantong.Trust;

/// <summary>An endpoint of the API whose body is a file as it is, sent as <c>application/octet-stream</c>; all others take JSON.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TakesFileAttribute : Attribute;
