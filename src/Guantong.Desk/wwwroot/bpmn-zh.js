// What bpmn-js says on its drawings, in Chinese; words that are not here stay as they are.
const events = { Message: '消息', Timer: '定时', Conditional: '条件', Signal: '信号', Error: '错误', Escalation: '升级', Compensation: '补偿', Cancel: '取消', Terminate: '终止', Link: '链接' };
const places = { 'start event': '开始事件', 'end event': '结束事件', 'boundary event': '边界事件', 'intermediate catch event': '中间捕获事件', 'intermediate throw event': '中间抛出事件' };

const words = {
  'Activate hand tool': '平移', 'Activate lasso tool': '框选', 'Activate create/remove space tool': '拉开或收拢空间', 'Activate global connect tool': '连线',
  'Create start event': '新建开始事件', 'Create end event': '新建结束事件', 'Create intermediate/boundary event': '新建中间或边界事件', 'Create gateway': '新建网关', 'Create task': '新建任务',
  'Create expanded sub-process': '新建子流程', 'Create data object reference': '新建数据对象', 'Create data store reference': '新建数据存储', 'Create pool/participant': '新建泳池', 'Create group': '新建分组',
  'Append task': '接一个任务', 'Append end event': '接一个结束事件', 'Append gateway': '接一个网关', 'Append intermediate/boundary event': '接一个中间事件', 'Append receive task': '接一个接收任务', 'Append compensation activity': '接一个补偿活动',
  'Append message intermediate catch event': '接一个消息捕获事件', 'Append timer intermediate catch event': '接一个定时捕获事件', 'Append conditional intermediate catch event': '接一个条件捕获事件', 'Append signal intermediate catch event': '接一个信号捕获事件',
  'Add text annotation': '加注释', 'Change element': '改类型', 'Change type': '改类型', 'Connect to other element': '连到别处', 'Connect using sequence/message flow or association': '连到别处', 'Connect using association': '用关联线连接', 'Connect using data input association': '用数据关联连接',
  'Delete': '删除', 'Remove': '删除', 'Add lane above': '在上方加泳道', 'Add lane below': '在下方加泳道', 'Divide into two lanes': '分成两条泳道', 'Divide into three lanes': '分成三条泳道', 'Align elements': '对齐', 'Distribute elements horizontally': '水平均布', 'Distribute elements vertically': '垂直均布',
  'Align elements left': '左对齐', 'Align elements right': '右对齐', 'Align elements top': '上对齐', 'Align elements bottom': '下对齐', 'Align elements center': '水平居中', 'Align elements middle': '垂直居中',
  'Open {element}': '打开{element}', 'Search in diagram': '在图中查找', 'Toggle non-interrupting': '切换是否中断', 'Loop': '循环', 'Parallel multi-instance': '并行多实例', 'Sequential multi-instance': '顺序多实例', 'Participant multiplicity': '多个参与者', 'Collection': '集合', 'Ad-hoc': '随意',
  'Task': '任务', 'User task': '人工任务', 'Manual task': '手工任务', 'Service task': '服务任务', 'Send task': '发送任务', 'Receive task': '接收任务', 'Business rule task': '规则任务', 'Script task': '脚本任务', 'Call activity': '调用活动',
  'Sub-process': '子流程', 'Sub-process (collapsed)': '子流程（收起）', 'Sub-process (expanded)': '子流程（展开）', 'Event sub-process': '事件子流程', 'Transaction': '事务', 'Ad-hoc sub-process': '随意子流程', 'Ad-hoc sub-process (collapsed)': '随意子流程（收起）', 'Ad-hoc sub-process (expanded)': '随意子流程（展开）',
  'Exclusive gateway': '排他网关', 'Parallel gateway': '并行网关', 'Inclusive gateway': '包容网关', 'Complex gateway': '复杂网关', 'Event-based gateway': '事件网关', 'Sequence flow': '连线', 'Default flow': '默认连线', 'Conditional flow': '条件连线', 'Message flow': '消息流', 'Association': '关联',
  'Data input association': '数据关联', 'Data output association': '数据关联', 'Data object reference': '数据对象', 'Data store reference': '数据存储', 'Text annotation': '注释', 'Group': '分组', 'Participant': '泳池', 'Lane': '泳道', 'Process': '流程', 'Collaboration': '协作',
  'Pool': '泳池', 'Empty pool/participant': '空泳池', 'Empty pool/participant (removes content)': '空泳池（清空内容）', 'Expanded pool/participant': '展开的泳池', 'Start event': '开始事件', 'End event': '结束事件', 'Intermediate throw event': '中间抛出事件', 'Intermediate catch event': '中间捕获事件', 'Boundary event': '边界事件',
  'flow elements must be children of pools/participants': '流程元素必须放在泳池里', 'Data object must be placed within a pool/participant.': '数据对象必须放在泳池里',
};

for (const [event, said] of Object.entries(events))
  for (const [place, where] of Object.entries(places)) {
    words[`${event} ${place}`] = said + where;
    words[`${event} ${place} (non-interrupting)`] = `${said}${where}（不中断）`;
  }

export default words;
