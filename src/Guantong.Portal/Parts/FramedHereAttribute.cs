namespace Guantong.Portal;

/// <summary>A page that other pages of this site show in a frame; no other page is framed at all.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FramedHereAttribute : Attribute;
