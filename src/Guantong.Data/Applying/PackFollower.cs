using Guantong.Trust;

namespace Guantong.Data;

/// <summary>What a room above does when a pack comes into force, within the same transaction.</summary>
public delegate Task PackFollower(Change change, AppliedPack applied);
