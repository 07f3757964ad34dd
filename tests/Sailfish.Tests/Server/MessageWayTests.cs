using System.Reflection;
using System.Text.RegularExpressions;
using Sailfish.Protocol.Frames;
using Sailfish.Server.Hosting;

namespace Sailfish.Tests.Server;

/// <summary>
/// The way of a chat message in a room, from socket to socket. Each line is a step, and stands below the step that leads to
/// it. Where that one does not call it, <c>by</c> names what both use to hand it over. Behind # stands why the way comes back
/// to a folder that it had left. A change of the way is a change of this list, and makes the numbers below it smaller.
/// </summary>
public sealed class MessageWayTests
{
    private const string Steps =
        """
        Transports/SocketReader.Receive
          Gateway/FrameLoop.TakeAsync by ReadAsync
            Protocol/BinaryFrame.TryRead
            Gateway/FrameHandler.HandleAsync # Protocol cuts frames out of bytes, and knows no handler
              Protocol/BodyJson.TryRead # which body it is, the frame's code says: it is read when that is known
              Gateway/FrameHandler.SayAsync # as before
                Messaging/MessageService.HandleAsync
                  Sessions/UserPaceTable.TryMessage
                  Messaging/ChatHandler.HandleAsync # the rate is the user's, over all connections
                    Messaging/MessageData.Parse
                    Rooms/SessionRooms.FindRoom
                    Rooms/RoomService.MutedFor
                    Accounts/AccountDirectory.FindAsync
                    Messaging/ChatCheck.CheckAsync # who is in the room, muted, and under which name, is asked before anything is made
                      Content/WordListCheck.CheckAsync
                    Messaging/MessageWriter.Stamp # the check knows texts, and no messages
                      Messaging/MessageData.Stamp
                    Messaging/MessageWriter.AppendAsync
                      Rooms/RoomPlace.TakeAsync # what is on its way to a room is bounded: a place is waited for, and given back by the pump
                      Storage/SqliteMessageLog.AppendAsync
                        Storage/SqliteWriter.EnqueueAsync
                          Storage/SqliteWriter.Run by _queue
                            Storage/AppendJob.Execute
                              Storage/MessageAppender.Append
                                Storage/AppendStatements.TryInsert
                            Storage/AppendJob.Committed
                              Storage/MessageAppender.Complete
                                Storage/MessageAppender.BatchDone by _done
                                  Delivery/Dispatcher.Told
                                    Delivery/Dispatcher.Dispatch
                                      Delivery/Receipts.Tell
                                        Delivery/Receipts.SendReceipt
                                          Sessions/Session.EnterScope # the receipt, as finished bytes
                                          Sessions/FlushSet.Add
                                            Sessions/FlushSet.Flush by _outboxes
                                              Sessions/Outbox.Flush
                                                Transports/SocketTransport.TrySend # the receipt, as finished bytes
                                      Delivery/Dispatcher.Deliver # receipted before it is delivered
                                        Delivery/Router.Deliver
                                          Rooms/RoomTable.Find # the rooms are below what is told after the commit
                                          Rooms/RoomPump.Enqueue
                                            Rooms/RoomPump.Start by _claimed
                                              Rooms/RoomPump.TakeBatch
                                              Rooms/RoomMember.Push
                                                Rooms/ReceiverCopies.For
                                                  Rooms/RoomBatch.Encode
                                                    Rooms/EncodedBatch.Join
                                                      Conversations/StoredMessage.Encode
                                                        Protocol/MessageEncoder.Encode # what stands on the wire is Protocol's alone; once a dialect
                                                Sessions/Outbox.Send # finished bytes
                                                  Transports/SocketTransport.TrySend # finished bytes
        """;

    private const int MostChanges = 24;
    private const int MostReturns = 14;

    private static readonly List<Step> Way = Read();

    [Fact]
    public void Each_step_is_there_and_leads_to_the_next()
    {
        List<string> wrong = [];
        foreach (var step in Way)
        {
            if (TypeOf(step)?.GetMember(step.Member, BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic) is not { Length: > 0 })
                wrong.Add($"{step.Name} does not exist");
            else if (step.From is { } from && !(Uses(from, step.By ?? step.Member) && (step.By is null || Uses(step, step.By))))
                wrong.Add($"{from.Name} does not lead to {step.Name}");
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void The_way_changes_its_folder_no_oftener_than_it_did()
    {
        Assert.InRange(Changes().Count(), 1, MostChanges);
        Assert.InRange(Returns().Count(), 0, MostReturns);
    }

    [Fact]
    public void Each_return_to_a_folder_that_was_left_has_its_reason_and_nothing_else_has_one() =>
        Assert.Equal(Returns().Select(step => step.Name), Way.Where(step => step.Reason is not null).Select(step => step.Name));

    /// <summary>From who sends it through the steps that lead to the last one; what is asked on the way and answers is not in it.</summary>
    [Fact]
    public void The_diagram_of_the_README_shows_the_same_folders_in_the_same_order()
    {
        var diagram = Diagram.Read(File.ReadAllText(SourceTree.PathOf("README.md")));
        List<string> led = [];
        for (var step = Way[^1]; step is not null; step = step.From)
        {
            if (led.FirstOrDefault() != step.Folder)
                led.Insert(0, step.Folder);
        }

        Assert.Equal(led, diagram.Select(node => node.Folder));
        foreach (var (folder, types) in diagram)
            Assert.Subset(Way.Where(step => step.Folder == folder).Select(step => step.Type).ToHashSet(), types.ToHashSet());
    }

    private static List<Step> Read()
    {
        List<Step> way = [];
        foreach (var line in Steps.Split('\n'))
        {
            var m = Regex.Match(line, @"^( *)(\w+)/(\w+)\.(\w+)(?: by (\w+))?(?: # (.+))?$");
            Assert.True(m.Success, line);
            var depth = m.Groups[1].Length;
            string? Given(int group) => m.Groups[group].Success ? m.Groups[group].Value : null;
            way.Add(new Step(depth, m.Groups[2].Value, m.Groups[3].Value, m.Groups[4].Value, Given(5), Given(6), way.FindLast(step => step.Depth < depth)));
        }

        return way;
    }

    private static IEnumerable<Step> Changes() => Way.Zip(Way.Skip(1)).Where(pair => pair.First.Folder != pair.Second.Folder).Select(pair => pair.Second);

    private static IEnumerable<Step> Returns() => Changes().Where(step => Way[..Way.IndexOf(step)].Exists(before => before.Folder == step.Folder));

    private static Type? TypeOf(Step step)
    {
        var (assembly, space) = step.Folder == "Protocol" ? (typeof(Frame).Assembly, "Sailfish.Protocol") : (typeof(ServerOptions).Assembly, $"Sailfish.Server.{step.Folder}");
        return assembly.GetTypes().SingleOrDefault(type => type.Name == step.Type && $"{type.Namespace}.".StartsWith($"{space}.", StringComparison.Ordinal));
    }

    /// <summary>Whether a word stands in the source of a step's type.</summary>
    private static bool Uses(Step step, string word)
    {
        var folder = SourceTree.PathOf(step.Folder == "Protocol" ? "src/Sailfish.Protocol" : $"src/Sailfish.Server/{step.Folder}");
        var source = Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories).Select(SourceLayers.CodeOf).First(code => Regex.IsMatch(code, $@"\b(class|struct|record) {step.Type}\b"));
        return Regex.IsMatch(source, $@"\b{word}\b");
    }

    private sealed record Step(int Depth, string Folder, string Type, string Member, string? By, string? Reason, Step? From)
    {
        public string Name => $"{Folder}/{Type}.{Member}";
    }
}
